// Behind a NAT or a firewall that keeps state, on a way that takes time: of the SYNs of one
// five-tuple it remembers the last, and passes the answer to that one only. Nothing gets lost, and
// what is told is what is told without it.

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

struct Row {
  const char *name, *fault, *host;
};

#define SSH "open 22 banner \"SSH-2.0-x\\r\\n\""

const std::vector<Row> rows{
    {"open", "", SSH},
    {"closed", "", ""},
    {"host resets", "", SSH " input reset tcp 22"},
    {"host drops", "", SSH " input drop tcp 22"},
    {"host drops SYNs", "", SSH " input drop tcp 22 syn"},
    {"host rejects", "", SSH " input reject port tcp 22"},
    {"host is down", "", "down"},
    {"router drops", "forward drop tcp 22", SSH},
    {"router resets", "forward reset tcp 22", SSH},
    {"router resets raw", "prerouting reset tcp 22", SSH},
    {"router rejects", "forward reject admin tcp 22", SSH},
    {"blackhole", "blackhole", SSH},
};
#undef SSH

sim::Session asked(const Row& row, double round_trip, unsigned memory, Family family) {
  Chain chain;
  chain.hops = 5;
  chain.round_trip_ms = round_trip;
  chain.host = row.host;
  chain.fault_hop = 3;
  chain.fault = row.fault;
  chain.on_router = [&](unsigned hop) { return hop == memory ? "conntrack" : ""; };
  return sim::probe(sim::parse_scenario(text_of(chain), family));
}

}  // namespace

TEST_CASE("who remembers one SYN of a five-tuple changes nothing that is told", "[conntrack]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  for (const auto& row : rows)
    for (const double round_trip : {0.1, 20.0, 80.0, 150.0, 300.0}) {
      const auto plain = in_short(analyse(asked(row, round_trip, 0, family).run).verdict);
      for (const unsigned memory : {1u, 2u, 3u}) {
        const auto session = asked(row, round_trip, memory, family);
        const auto verdict = in_short(analyse(session.run).verdict);
        INFO(row.name << ", " << round_trip << " ms, at hop " << memory << "\n"
                      << verdict << "\n"
                      << history(session));
        CHECK(session.done);
        CHECK(verdict == plain);
      }
    }
}

TEST_CASE("an injector behind who remembers one SYN is not placed beyond itself", "[conntrack]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  for (const double round_trip : {0.1, 20.0, 150.0})
    for (const unsigned place : {1u, 2u, 3u}) {
      Chain chain;
      chain.hops = 6;
      chain.round_trip_ms = round_trip;
      chain.fault_hop = place;
      chain.after_fault = "injector i ttl 57 count 2 window 1980";
      chain.on_router = [](unsigned hop) { return hop == 1 ? "conntrack" : ""; };
      const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
      const auto verdict = analyse(session.run).verdict;
      INFO(round_trip << " ms, behind hop " << place << ": " << in_short(verdict) << "\n"
                      << history(session));
      CHECK(lists(verdict, Mechanism::injected_reset));
      CHECK(holds(verdict.culprit.where, place));
    }
}
