// Somebody has just tried: routers have spent on him what they may say of routes, and say it again
// only after a rest.

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

/// A router of the chain has no way, or none that is allowed: so the verdict says, in time.
Verdict told_of_route(const Chain& chain) {
  const auto session = sim::probe(sim::parse_scenario(text_of(chain), Family::ipv4));
  const auto verdict = analyse(session.run).verdict;
  INFO(in_short(verdict) << "\n" << history(session));
  CHECK(session.done);
  CHECK(verdict.outcome == Outcome::unreachable);
  const bool says_route =
      lists(verdict, Mechanism::no_route) || lists(verdict, Mechanism::route_prohibited);
  CHECK(says_route);
  CHECK(holds(verdict.culprit.where, chain.fault_hop));
  CHECK(seconds(session.elapsed()) <= 5.0 + 4 * chain.round_trip_ms / 1000);
  return verdict;
}

}  // namespace

TEST_CASE("a route and a rule are told apart where one message was left", "[spent]") {
  for (const auto* route : {"unreachable", "no-route", "prohibit"}) {
    for (const unsigned hops : {2u, 4u}) {
      for (const double round_trip : {0.1, 20.0, 150.0}) {
        Chain chain;
        chain.hops = hops;
        chain.round_trip_ms = round_trip;
        chain.fault_hop = (hops + 1) / 2;
        // A message about a route draws twice.
        chain.fault = std::string("spent-but 2 route ") + route;
        const auto verdict = told_of_route(chain);
        INFO(in_short(verdict));
        CHECK_FALSE(lists(verdict, Mechanism::icmp_reject_router));
      }
    }
  }
}

TEST_CASE("a missing route is told of, also by a router that has just told it often", "[spent]") {
  for (const auto* route : {"unreachable", "no-route", "prohibit"}) {
    for (const unsigned hops : {2u, 4u, 9u}) {
      for (const double round_trip : {0.1, 20.0, 150.0}) {
        Chain chain;
        chain.hops = hops;
        chain.round_trip_ms = round_trip;
        chain.fault_hop = (hops + 1) / 2;
        chain.fault = std::string("spent route ") + route;
        const auto verdict = told_of_route(chain);
        INFO(in_short(verdict));
        CHECK(verdict.culprit.confidence != Confidence::certain);
      }
    }
  }
}
