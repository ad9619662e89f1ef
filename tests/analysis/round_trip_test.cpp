// What tells how long an answer takes, and what was held back by somebody.

#include "analysis/correlate/correlator.hpp"
#include "analysis/path/silence.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

double longest(const std::string& lines, Family family) {
  const auto run = run_of(lines, family);
  const auto correlator = correlate(run);
  return seconds(largest_round_trip(correlator.exchanges()));
}

}  // namespace

TEST_CASE("What waits with others for a neighbour that somebody asked for before tells no way") {
  // The lab: a run before had the router look for the host, and the look failed 2.3 s after the
  // first SYN of this one.
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const std::string down = "0.4 syn target < icmp=host from=r3 ttl=62 after=2.3\n";
  const std::string known = "0.4 syn target @3 < te from=r3 ttl=62 after=0.02\n";
  CHECK(longest(known + down, family) < 0.1);
  CHECK(longest("2.2 syn target lane=1 < icmp=host from=r3 ttl=62 after=0.5\n" + down, family) <
        0.6);
  // A far router answers no sooner to anything.
  CHECK(longest("0.4 syn target @3 < te from=r3 ttl=62 after=1.8\n" + down, family) > 2.2);
}
