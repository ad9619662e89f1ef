// Which questions could be answered at all, by how hosts treat a flow that is half open and by the
// round trip.

#include "analysis/path/half_open.hpp"
#include "analysis/correlate/correlator.hpp"

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

/// How many of these lines' questions count, until the run ends.
std::size_t answerable_of(const std::string& lines) {
  const auto run = run_of(lines);
  const auto correlator = correlate(run);
  return answerable(correlator.exchanges(), run.ended).size();
}

const std::string far_answer = "0 syn target < syn-ack ttl=61 after=1.4\n";

}  // namespace

TEST_CASE("A SYN that is repeated before the first answer could come is the same question") {
  CHECK(answerable_of(far_answer + "1.1 syn target\nfact ends=9\n") == 1);
  CHECK(answerable_of(far_answer + "1.1 syn target @7\nfact ends=9\n") == 2);  // may have died
  CHECK(answerable_of(far_answer + "1.1 syn target lane=1\nfact ends=9\n") == 2);
  CHECK(answerable_of(far_answer + "1.5 syn target\nfact ends=9\n") == 2);
}

TEST_CASE("A closed port answers each SYN: none of them stands for another") {
  CHECK(answerable_of("0 syn target < rst-ack ttl=61 after=1.4\n1.1 syn target\nfact ends=9\n") ==
        2);
}

TEST_CASE("A walk's SYN that gets to a host which holds the flow half open asks nothing new") {
  const auto nearer = "0.1 syn target @4 < syn-ack ttl=61 after=1.4\n";
  CHECK(answerable_of(far_answer + nearer + "1.1 syn target @7\nfact ends=9\n") == 2);
}

TEST_CASE("What left later than an answer takes is under way when the run ends") {
  const std::string far = "0 echo < echo-reply ttl=61 after=1.4\n";
  CHECK(answerable_of(far + "1 syn target\nfact ends=2\n") == 1);
  CHECK(answerable_of(far + "1 syn target\nfact ends=3\n") == 2);
}

TEST_CASE("connect() repeats its SYN each second, whatever the way: that is no loss") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const auto called = [](const std::string& after) {
    return "0 syn target < syn-ack ttl=61 after=1.2\n0 syn control < rst-ack ttl=61 marked "
           "after=1.2\n0 connect returns=0 took=" +
           after + " syns=2 says=SSH-2.0-x spoke=1.2 < syn-ack ttl=61 after=" + after +
           "\nfact ends=9\n";
  };
  CHECK_THAT(caveats_of(called("1.2"), family), !mentions("path-loss"));
  CHECK_THAT(caveats_of(called("2.2"), family), mentions("path-loss"));
}
