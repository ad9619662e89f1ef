// A router that lets so many new connections a second to the port through, and at first so many at
// once: all that come in one burst, also those that die beyond it, may have passed.

#include <fmt/format.h>

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

TEST_CASE("a limit on the port stands where all that passed it may have passed", "[corner]") {
  unsigned limits = 0;
  for (const auto* rate : {"0.2", "0.5", "1", "2", "5"})
    for (const auto* burst : {"1", "2", "3", "5", "8", "10"})
      for (const unsigned hops : {4u, 7u, 10u})
        for (const unsigned hop : {1u, 2u, hops - 1, hops})
          for (const double round_trip : {1.0, 30.0}) {
            Chain chain;
            chain.hops = hops;
            chain.round_trip_ms = round_trip;
            chain.fault_hop = hop;
            chain.fault = fmt::format("forward drop tcp 22 syn over {} burst {}", rate, burst);
            if (hop == hops)
              chain.host += fmt::format(" input drop tcp 22 syn over {} burst {}", rate, burst);
            const auto session = sim::probe(sim::parse_scenario(text_of(chain)));
            const auto verdict = analyse(session.run).verdict;
            INFO(chain.fault << " at hop " << hop << " of " << hops << ", " << round_trip
                             << " ms: " << in_short(verdict));
            CHECK(session.done);
            if (verdict.outcome == Outcome::open) continue;  // it lets more through than we ask
            CHECK(verdict.culprit.confidence != Confidence::certain);
            CHECK(holds(verdict.culprit.where, hop));
            limits += lists(verdict, Mechanism::rate_limit);
          }
  CHECK(limits > 100);
}
