// Behind a NAT or a firewall that keeps state, on a way that takes time: of the SYNs of one
// five-tuple it remembers the last, and passes the answer to that one only. Nothing gets lost.

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

struct Row {
  const char *fault, *host;
  Outcome outcome;
  Mechanism mechanism;
};

const std::vector<Row> rows{
    {"", "", Outcome::refused, Mechanism::closed_port},
    {"", "open 22 banner \"SSH-2.0-x\\r\\n\"", Outcome::open, Mechanism::listening},
    {"", "open 22 input drop tcp 22", Outcome::dropped, Mechanism::filter_drop},
    {"forward drop tcp 22", "", Outcome::dropped, Mechanism::filter_drop},
    {"forward reset tcp 22", "", Outcome::refused, Mechanism::middlebox_reset},
    {"prerouting reset tcp 22", "", Outcome::refused, Mechanism::middlebox_reset},
};

}  // namespace

TEST_CASE("who remembers one SYN of a five-tuple makes no loss", "[last-syn]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  for (const auto& row : rows)
    for (const double round_trip : {0.1, 20.0, 80.0, 300.0})
      for (const unsigned memory : {1u, 2u, 3u}) {
        Chain chain;
        chain.round_trip_ms = round_trip;
        chain.host = row.host;
        chain.fault_hop = 2;
        chain.fault = row.fault;
        chain.on_router = [&](unsigned hop) { return hop == memory ? "last-syn" : ""; };
        const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
        const auto verdict = analyse(session.run).verdict;
        INFO(row.fault << "; " << row.host << "; " << round_trip << " ms, at " << memory << ": "
                       << in_short(verdict) << "\n"
                       << history(session));
        CHECK(session.done);
        CHECK(verdict.outcome == row.outcome);
        CHECK(lists(verdict, row.mechanism));
        CHECK(std::ranges::count(verdict.caveats, CaveatId::path_loss, &Caveat::id) == 0);
        CHECK_FALSE(lists(verdict, Mechanism::syn_filter));
      }
}
