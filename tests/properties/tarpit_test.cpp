// A tarpit before, or in place of, a service whose clients speak first.

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

TEST_CASE("a tarpit is not open, also where the client speaks first", "[tarpit]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  for (const auto* port : {"22", "443"})
    for (const double round_trip : {0.1, 80.0, 600.0}) {
      Chain chain;
      chain.round_trip_ms = round_trip;
      chain.host = std::string("open ") + port + " tarpit";
      chain.more = std::string("target-port ") + port + "\n";
      const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
      const auto verdict = analyse(session.run).verdict;
      INFO(port << ", " << round_trip << " ms: " << in_short(verdict) << "\n" << history(session));
      CHECK(session.done);
      CHECK(verdict.outcome == Outcome::silent_service);
      CHECK(verdict.explanations.front().mechanism == Mechanism::tarpit);
    }
}
