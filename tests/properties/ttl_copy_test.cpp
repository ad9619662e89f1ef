// A box on the link behind a hop that copies what is left of the probe's hop limit into its RST:
// the RST loses the way there and back, and seems to come from as far again behind the box.

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

TEST_CASE("a box that copies the hop limit stands on its link, not as far again behind it") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const std::string box = GENERATE("injector box copy-ttl", "injector box copy-ttl instead");
  for (const unsigned hops : {3u, 5u, 8u})
    for (unsigned hop = 1; hop < hops; ++hop) {
      Chain chain;
      chain.hops = hops;
      chain.round_trip_ms = 20;
      chain.host = "open 22 banner \"SSH-2.0-x\\r\\n\"";
      chain.fault_hop = hop;
      chain.after_fault = box;
      const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
      const auto verdict = analyse(session.run).verdict;
      INFO(box << ", behind hop " << hop << " of " << hops << ": " << in_short(verdict));
      CHECK(verdict.culprit.where.first_hop == hop);
      CHECK(verdict.culprit.where.last_hop == hop + 1);
    }
}
