// All of it silent at first, all of it answered from some moment on: the path was broken and came
// back. Host at hop 4.

#include <algorithm>
#include <string>
#include <vector>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/trace_words.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// To both ports, so many at each moment; hop 1 passes them.
std::string broken(const std::vector<std::string>& moments) {
  std::string lines;
  int lane = 20;
  for (const auto& at : moments) {
    const auto of = " lane=" + std::to_string(++lane) + "\n";
    lines += at + " syn target" + of + at + " syn control" + of + at + " syn target @2\n" + at +
             " syn control @2\n";
  }
  return lines + "0 syn target @1 < te from=r1 ttl=64\n0 echo\n1 echo\n";
}

/// New flows to both ports, from 2 s on.
std::string works() {
  std::string lines =
      "2.1 syn target @2 < te from=r2 ttl=63\n2.1 syn target @3 < te from=r3 ttl=62\n"
      "2.1 syn target @4 < syn-ack ttl=61\n2.1 syn control @4 < rst-ack ttl=61 marked\n"
      "2.2 echo < echo-reply ttl=61\n"
      "0 connect syns=2 returns=0 took=2 says=SSH-2.0-x < syn-ack ttl=61 after=2\nfact ends=5\n";
  for (int lane = 2; lane < 12; ++lane) {
    const auto at = std::to_string(2 + 0.1 * lane), of = " lane=" + std::to_string(lane);
    lines += at + " syn target" + of + " < syn-ack ttl=61\n" + at + " syn control" + of +
             " < rst-ack ttl=61 marked\n";
  }
  return lines;
}

}  // namespace

TEST_CASE("A path that comes back while it is asked is neither open without a word nor lossy") {
  const auto family = each_family();
  const auto analysis = analyse(run_of(broken({"0", "0.5", "1.2"}) + works(), family));
  CHECK_THAT(in_one_line(analysis.verdict), begins_with("intermittent: between 1..2 weak: "));
  CHECK(lists(analysis.verdict.explanations, Mechanism::blackhole));
  CHECK_FALSE(lists(analysis.verdict.explanations, Mechanism::rate_limit));
  CHECK(std::ranges::count(analysis.verdict.caveats, CaveatId::path_loss, &Caveat::id) == 0);
}

TEST_CASE("A path that comes back to a port that is refused ever since: refused") {
  const auto family = each_family();
  std::string lines =
      "2.1 syn target @3 < te from=r3 ttl=62\n2.2 syn target @2 < te from=r2 ttl=63\n"
      "2.1 syn control @4 < rst-ack ttl=61 marked\n2.2 echo < echo-reply ttl=61\n"
      "0 connect syns=2 returns=ECONNREFUSED took=2 < rst-ack ttl=61 after=2\nfact ends=5\n"
      "2.1 syn target @4 < rst-ack ttl=61 marked\n";
  for (int lane = 2; lane < 12; ++lane) {
    const auto at = std::to_string(2 + 0.1 * lane), of = " lane=" + std::to_string(lane);
    for (const auto* port : {"target", "control"})
      lines += at + " syn " + port + of + " < rst-ack ttl=61 marked\n";
  }
  const auto verdict = analyse(run_of(broken({"0", "0.5", "1.2"}) + lines, family)).verdict;
  CHECK_THAT(in_one_line(verdict),
             begins_with("refused: destination 4..4 strong: closed-port / ") &&
                 mentions("blackhole 1..2"));
  CHECK(verdict.explanations.back().beside);
  CHECK(std::ranges::count(verdict.caveats, CaveatId::path_loss, &Caveat::id) == 0);
}

TEST_CASE(
    "Of an outage tells also what hops said in it after the last SYN of full length was lost") {
  const auto family = each_family();
  const std::string walk =
      "0.5 syn target @1 < te from=r1 ttl=64\n0.5 syn target @2 < te from=r2 ttl=63\n"
      "0.6 syn target @3\n0.6 syn target @4\n0.6 syn target @5\n0.7 syn control @4\n";
  std::string lines = "0 echo\n0.3 echo\n";
  for (const auto* at : {"0", "0.15", "0.3"})
    for (const auto* port : {"target", "control"})
      lines += std::string(at) + " syn " + port + " lane=" + (at[1] ? at + 2 : "40") + "\n";
  const auto verdict = analyse(run_of(lines + walk + works(), family)).verdict;
  CHECK_THAT(in_one_line(verdict), begins_with("intermittent: between 2..3 weak: "));
  CHECK_FALSE(lists(verdict.explanations, Mechanism::local_neighbour));
}

TEST_CASE("What one burst loses at the beginning is no outage") {
  const auto lines = broken({"0", "0.01", "0.02"}) + works();
  CHECK_THAT(verdict_of(lines), !begins_with("intermittent"));
}

TEST_CASE("Silence that comes again is no outage that ended") {
  const auto lines = broken({"0", "0.5", "1.2", "2.5"}) + works();
  CHECK_THAT(verdict_of(lines), !mentions("blackhole"));
}
