// A router looked for its neighbour in vain on all flows: more of them would only wait again.

#include "analysis/plan/gone.hpp"
#include "analysis/correlate/correlator.hpp"

#include "tests/analysis/trace.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

bool is_gone(const std::string& lines, Family family) {
  const auto run = run_of(lines, family);
  const auto correlator = correlate(run);
  return is_gone_on_all_flows(
      {run.goal, run.facts.vantage, correlator.exchanges(), run.connect, run.started, run.ended});
}

std::string in_vain(const std::string& after) {
  return " < icmp=host from=r3 ttl=62 q=61 after=" + after + "\n";
}

const std::string three_flows = "3 syn target lane=1" + in_vain("3.07") + "3 syn target lane=2" +
                                in_vain("3.07") + "3 syn target lane=3" + in_vain("3.07");

}  // namespace

TEST_CASE("Gone: what joined a search that was under way is told sooner, all in one go") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const std::string walk = "0 syn target @1 < te from=r1 ttl=64\n";
  CHECK(is_gone(walk + three_flows, family));
  CHECK(is_gone(
      walk + "0 syn target" + in_vain("2.16") + "1.5 syn target @4" + in_vain("0.66") + three_flows,
      family));
  // What is told at once waited for nobody.
  CHECK_FALSE(is_gone(walk + "0 syn target" + in_vain("0.01") + three_flows, family));
  // Over two satellites every answer takes that long.
  CHECK_FALSE(is_gone(
      "0 syn target @1 < te from=r1 ttl=64 after=1.5\n0 syn target" + in_vain("2.16") + three_flows,
      family));
}
