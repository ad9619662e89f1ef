// Whoever rejects has told others, or us before, what he may: some messages are left to him, or
// none, and more come in time. What was heard still names him.

#include <fmt/format.h>

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

void check_told(const Chain& chain, bool on_host, unsigned hop, Mechanism truth) {
  const auto session = sim::probe(sim::parse_scenario(text_of(chain), Family::ipv4));
  const auto verdict = analyse(session.run).verdict;
  const auto fault = on_host ? chain.host : chain.fault;
  INFO(fault << ", " << chain.hops << " hops, " << chain.round_trip_ms
             << " ms: " << in_short(verdict));
  CHECK(session.done);
  CHECK(lists(verdict, truth));
  CHECK(holds(verdict.culprit.where, hop));
  CHECK(seconds(session.elapsed()) <= 5.0 + 4 * chain.round_trip_ms / 1000);
}

}  // namespace

TEST_CASE("a rejection is named where few messages are left", "[spent]") {
  for (const auto* reason : {"port", "admin", "host", "net", "net-prohibited", "host-prohibited"})
    for (const auto* left : {"", "spent", "spent-but 1", "spent-but 2", "spent-but 3"})
      for (const auto* rule : {"tcp 22", "tcp", ""})
        for (const double round_trip : {0.1, 20.0, 150.0}) {
          Chain chain;
          chain.round_trip_ms = round_trip;
          chain.hops = 4;
          auto on_host = chain;
          on_host.host += fmt::format(" {} input reject {} {}", left, reason, rule);
          check_told(on_host, true, 4, Mechanism::icmp_reject_host);
          chain.fault_hop = 2;
          chain.fault = fmt::format("{} forward reject {} {}", left, reason, rule);
          check_told(chain, false, 2, Mechanism::icmp_reject_router);
        }
}
