// Two routers send the target to each other, and one of them never sends time exceeded.

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

TEST_CASE("a loop with a mute router: the place holds both", "[mute-loop]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  for (const unsigned first : {1u, 2u, 3u, 7u})
    for (const unsigned mute : {first, first + 1})
      for (const double round_trip : {0.1, 80.0})
        for (const char* spent : {"", "spent"}) {
          Chain chain;
          chain.hops = first + 4;
          chain.round_trip_ms = round_trip;
          chain.on_router = [&](unsigned hop) {
            return std::string(hop == first + 1 ? " loop" : "") + (hop == mute ? " silent " : " ") +
                   spent;
          };
          const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
          const auto verdict = analyse(session.run).verdict;
          INFO(first << ", mute " << mute << ", " << round_trip << " ms " << spent << ": "
                     << in_short(verdict) << "\n"
                     << history(session));
          CHECK(session.done);
          CHECK(verdict.outcome == Outcome::unreachable);
          CHECK(lists(verdict, Mechanism::routing_loop));
          CHECK(holds(verdict.culprit.where, first));
          CHECK(holds(verdict.culprit.where, first + 1));
          if (*spent == '\0') CHECK(verdict.culprit.where.last_hop.value_or(99) <= first + 2);
        }
}

TEST_CASE("a loop at the end of the walk: no farther off than the router heard again",
          "[mute-loop]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  Chain chain;
  chain.hops = 16;
  chain.on_router = [](unsigned hop) {
    // Enough for the SYNs of full length, and for the first one that dies there.
    return std::string(hop == 13 ? "loop silent" : hop == 12 ? "icmp-limit 7 0.4" : "");
  };
  const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
  const auto verdict = analyse(session.run).verdict;
  INFO(in_short(verdict) << "\n" << history(session));
  CHECK(session.done);
  CHECK(verdict.outcome == Outcome::unreachable);
  CHECK(lists(verdict, Mechanism::routing_loop));
  CHECK(holds(verdict.culprit.where, 12));
  // In IPv6 it has another name on the side from which the circle comes back.
  if (family == Family::ipv4) CHECK(verdict.culprit.where.first_hop == 12);
  CHECK(holds(verdict.culprit.where, 13));
}
