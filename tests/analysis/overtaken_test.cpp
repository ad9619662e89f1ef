// A SYN that another of its five-tuple overtook: who remembers one of them only passes the answer
// to the last. Host at hop 4, 80 ms away.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

const std::string answers = " < rst-ack ttl=61 marked after=0.08\n";
const std::string refused = "0 syn target" + answers + "0.0001 syn control" + answers +
                            passes("target", 1, 3) + "0.3 syn target @4" + answers;
const std::string overtaken = "0.4 syn control @4\n0.4001 syn control @3 < te from=r3 ttl=62\n";
const std::string end = "fact ends=1.5\n";

}  // namespace

TEST_CASE("An overtaken SYN without an answer is no loss") {
  const auto lines = refused + overtaken + "0.8 syn control @4" + answers + end;
  CHECK_THAT(caveats_of(lines), !mentions("path-loss"));
}

TEST_CASE("A SYN without an answer that nothing followed in time is a loss") {
  const auto lines = refused + "0.4 syn control @4\n0.8 syn control @4" + answers +
                     "0.9 syn control @3 < te from=r3 ttl=62\n" + end;
  CHECK_THAT(caveats_of(lines), mentions("path-loss"));
}

TEST_CASE("Where one that was alone got no answer either, the overtaken ones may be lost as well") {
  const auto lines = refused + overtaken + "0.6 syn control @4\n0.8 syn control @4" + answers + end;
  CHECK_THAT(caveats_of(lines), mentions("path-loss"));
}

TEST_CASE("Who keeps state may pass the answer to the first of two that are underway, or to both") {
  const auto lines = refused + overtaken + "0.8 syn control @4" + answers +
                     "0.8001 syn control @5" + answers + end;
  CHECK_THAT(caveats_of(lines), !mentions("path-loss"));
  const auto first = refused + "0.4 syn control @4" + answers + "0.4001 syn control @5\n" + end;
  CHECK_THAT(caveats_of(first), !mentions("path-loss"));
  CHECK_THAT(caveats_of(first + "0.6 syn control @4\n"), mentions("path-loss"));
}
