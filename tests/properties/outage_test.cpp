// A link that is down when the run begins and comes back meanwhile, before a port that is refused.

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

TEST_CASE("an outage at the start hides no refusal", "[outage]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  struct Row {
    const char *host, *router;
    unsigned hop;
    Mechanism mechanism;
  };
  for (const auto& [host, router, hop, mechanism] :
       {Row{"", "", 4, Mechanism::closed_port},
        Row{"open 22", "forward reset tcp 22", 2, Mechanism::middlebox_reset}})
    for (const char* outage : {"500ms", "1s", "2s", "3s"}) {
      Chain chain;
      chain.host = host;
      chain.fault_hop = 2;
      chain.fault = std::string(router) + " down-for " + outage;
      const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
      const auto verdict = analyse(session.run).verdict;
      INFO(router << ", " << outage << ": " << in_short(verdict) << "\n" << history(session));
      CHECK(session.done);
      CHECK(verdict.outcome == Outcome::refused);
      CHECK(verdict.explanations.front().mechanism == mechanism);
      CHECK(holds(verdict.culprit.where, hop));
    }
}

TEST_CASE("an outage that ends while we ask is placed by what hops said in it", "[outage]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  for (const unsigned hop : {2u, 3u})
    for (const char* outage : {"700ms", "1s", "2s"}) {
      Chain chain;
      chain.host = "open 22 banner \"SSH-2.0-x\\r\\n\"";
      chain.fault_hop = hop;
      chain.fault = std::string("down-for ") + outage;
      const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
      const auto verdict = analyse(session.run).verdict;
      INFO("hop " << hop << ", " << outage << ": " << in_short(verdict) << "\n"
                  << history(session));
      CHECK(verdict.outcome == Outcome::intermittent);
      CHECK(holds(verdict.culprit.where, hop));
      CHECK(verdict.culprit.where.last_hop <= hop + 1);
      CHECK(std::ranges::count(verdict.explanations, Mechanism::local_neighbour,
                               &Explanation::mechanism) == 0);
    }
}
