// With answers known to get lost, silence excludes less; without, it stays evidence. Chain: client,
// r1, r2, r3, host at hop 4.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string silent_port =
    "0 syn target x3\n0.5 ack target x3\n0.5 fin target x3\nfact ends=6\n";
const std::string steady_control =
    "0.4 echo < echo-reply ttl=61\n0.5 ack control < rst ttl=61\n"
    "0.5 fin control < rst-ack ttl=61\n";
/// Every second answer of the host is lost.
const std::string lossy_control =
    "0.4 echo x3 < echo-reply ttl=61 only=3\n0.5 ack control x2 < rst ttl=61 only=2\n"
    "0.5 fin control x2 < rst-ack ttl=61 only=2\n";

}  // namespace

TEST_CASE("Three lone ACKs may all be lost where answers are: only the SYN may be unwelcome") {
  const auto family = each_family();
  const auto lines =
      silent_port + passes("target", 1, 3) + "0.3 syn target @4 x3\n" + closed_control(4);
  CHECK(verdict_of(lines + steady_control, family) ==
        "dropped: between 3..4 strong: filter-drop / answer-lost 1..4");
  CHECK(verdict_of(lines + lossy_control, family) ==
        "dropped: between 3..4 strong: filter-drop / syn-filter accept-queue-full 4..4 answer-lost "
        "1..4");
}

TEST_CASE("The last router's word may be lost: the SYN may have arrived") {
  const auto family = each_family();
  const auto lines = silent_port + passes("target", 1, 2) + "0.3 syn target @3\n" +
                     "0.3 syn target @4 x3\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines + lossy_control, family), mentions("answer-lost"));
}

TEST_CASE("Host unreachable, three seconds late, to any probe: the host is down") {
  const auto family = each_family();
  const auto lines = silent_port + passes("target", 1, 3) + passes("control", 1, 3) +
                     "0.05 syn control x3 < icmp=host from=r3 ttl=62 after=3.05 only=1\n"
                     "0.3 syn target @4 x3\n0.4 echo x3\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("unreachable: destination 4..4"));
  CHECK_THAT(verdict_of(lines, family), mentions("host-down"));
}

TEST_CASE("Two neighbours fail, and what was sent to one takes all messages: the host is down") {
  const auto family = each_family();
  const auto lines = silent_port + passes("target", 1, 3) + passes("control", 1, 3) +
                     "0 syn control x3 < icmp=host from=r3 ttl=62 q=61 after=3.08 only=1\n"
                     "0.25 syn control < icmp=host from=r3 ttl=62 q=61 after=2.83\n"
                     "0.4 syn control @10 < icmp=host from=r3 ttl=62 q=7 after=2.68\n"
                     "0.4 syn target\n0.3 syn target @4 x3\n0.4 echo x3\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("unreachable: destination 4..4"));
  CHECK_THAT(verdict_of(lines, family), mentions("host-down"));
}

TEST_CASE("One message about another probe is all that a router's allowance left") {
  const auto family = each_family();
  const auto lines = silent_port + passes("target", 1, 1) + passes("control", 1, 1) +
                     "1.6 syn control @3 x2 < icmp=admin from=r2 ttl=63 q=2 only=1\n"
                     "0.05 syn control x3\n0.3 syn target @2 x3\n0.4 echo x3\n";
  CHECK_THAT(verdict_of(lines, family),
             begins_with("rejected: router 2..2 weak: icmp-reject-router"));
  CHECK_THAT(verdict_of(lines, family), mentions("/ filter-drop"));
}

TEST_CASE("A router that rejects the other port beside our silent SYNs treats ours otherwise") {
  const auto family = each_family();
  const auto lines = silent_port + passes("target", 1, 2) + passes("control", 1, 2) +
                     "0 syn control x3 < icmp=admin from=r2 ttl=63 q=62\n0.3 syn target @3 x3\n"
                     "0.4 echo x3\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped:"));
}

TEST_CASE("The comparison port's walk goes round: so does the way to the host") {
  const auto family = each_family();
  const auto lines = silent_port + passes("target", 1, 2) + "0.3 syn target @3 x3\n" +
                     passes("control", 1, 3) + "0.3 syn control @4 < te from=r2 ttl=63\n" +
                     "0.05 syn control x3\n0.4 echo x3\n";
  CHECK_THAT(verdict_of(lines, family), mentions("routing-loop"));
}

TEST_CASE("A router out of its messages may have had one about a host that is down") {
  const auto lines =
      silent_port + passes("target", 1, 2) + "0.3 syn target @3 x3\n" + passes("control", 1, 1) +
      "0.3 syn control @2 x2 < te from=r2 ttl=63 only=2\n" + "0.05 syn control x3\n0.4 echo x3\n";
  CHECK_THAT(verdict_of(lines), mentions("/ host-down"));
}

TEST_CASE("A proxy that only the way back shows is listed beside the service") {
  const auto family = each_family();
  const auto lines = "0 syn target x2 < syn-ack ttl=63 only=2\n" + passes("target", 1, 1) +
                     closed_control(4) + "0.01 connect returns=0 says=SSH-2.0-x < syn-ack ttl=63\n";
  CHECK(verdict_of(lines, family) == "open: none strong: listening / transparent-proxy 1..4");
}

TEST_CASE("A proxy whose way back fits no hop is where SYNs meet it and others pass") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=252\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < syn-ack ttl=252\n" + closed_control(5) +
                     "0.01 connect returns=0 says=SSH-2.0-x < syn-ack ttl=252\n";
  CHECK(verdict_of(lines, family) == "open: none strong: transparent-proxy 2..3");
}

TEST_CASE("Loss explains a missing greeting of a listener, not of what only holds connections") {
  const std::string syns =
      "0 syn target x4 < syn-ack ttl=61 win=5 bare only=2 "
      "< syn-ack ttl=61 win=5 bare only=4\n";
  const auto lines = syns + passes("target", 1, 3) + closed_control(4) + lossy_control +
                     "0.01 connect returns=0 < syn-ack ttl=61 win=5 bare\nfact ends=7\n";
  CHECK_THAT(verdict_of(lines), begins_with("silent-service: destination 4..4"));
  CHECK_THAT(verdict_of(lines), mentions("tarpit / data-blocked"));
}

TEST_CASE("Loss explains a missing greeting the less, the more often it was sent") {
  const auto verdict_after = [](const std::string& end) {
    return verdict_of("0 syn target x4 < syn-ack ttl=61 only=2 < syn-ack ttl=61 only=4\n" +
                      passes("target", 1, 3) + closed_control(4) + lossy_control +
                      "0.01 connect returns=0 < syn-ack ttl=61\nfact ends=" + end + "\n");
  };
  CHECK_THAT(verdict_after("7"), begins_with("open: none weak: listening / data-blocked"));
  CHECK_THAT(verdict_after("40"), begins_with("silent-service: destination 4..4 weak"));
  CHECK_THAT(verdict_after("100"), begins_with("silent-service: destination 4..4 strong"));
}

TEST_CASE("What was asked so late that its answer is still due when the run ends is not lost") {
  const auto family = each_family();
  const auto asked = "0 syn target < rst-ack ttl=61 marked after=1.4\n" + passes("target", 1, 3) +
                     closed_control(4);
  CHECK_THAT(caveats_of(asked + "1.5 syn target lane=1\nfact ends=2\n", family),
             !mentions("path-loss"));
  CHECK_THAT(caveats_of(asked + "1.5 syn target lane=1\nfact ends=6\n", family),
             mentions("path-loss"));
}

TEST_CASE(
    "The control flow's answers from the host's hop are lost, the port is rejected from there") {
  // The same way back, and nobody passes anything on from there: one machine, not two.
  const auto family = each_family();
  const std::string rejects = " < icmp=port from=server ttl=61 q=";
  const auto lines = "0 syn target" + rejects + "61\n" + passes("target", 1, 3) +
                     "0.1 syn target @4" + rejects + "1\n0 syn control < rst-ack ttl=61 marked\n" +
                     passes("control", 1, 2) + "0.1 syn control @3 x2\n0.1 syn control @4 x3\n" +
                     "0.2 syn control @5 < rst-ack ttl=61 marked\n"
                     "0.02 connect returns=ECONNREFUSED" +
                     rejects + "61\n";
  const auto analysis = analyse(run_of(lines, family));
  CHECK_THAT(in_one_line(analysis.verdict), begins_with("rejected: destination 4..4 strong: "));
  CHECK(analysis.path.distance.destination == 4);
  CHECK(analysis.path.hops.size() == 4);
}

TEST_CASE(
    "Every third flow is swallowed whole where the path loses some and the control is silent") {
  const auto family = each_family();
  std::string lines = passes("target", 1, 3) +
                      "0.02 connect returns=0 says=SSH-2.0-x < syn-ack "
                      "ttl=61\n";
  for (int hop = 1; hop <= 3; ++hop)
    lines += fmt::format("0.1 syn control @{0} x4 < te from=r{0} ttl={1} only={2}\n", hop, 65 - hop,
                         hop);
  lines += "0 syn control x3\n0.1 syn control @4 x3\n0 syn target x9\n";
  for (int lane = 1; lane <= 5; ++lane)
    lines += fmt::format("{} syn target lane={} x{}{}\n", 0.3 + 0.1 * lane, lane, lane == 3 ? 3 : 2,
                         lane == 3 ? "" : " < syn-ack ttl=61");
  const auto verdict = verdict_of(lines + "fact ends=14\n", family);
  CHECK_THAT(verdict, begins_with("intermittent: "));
  CHECK_THAT(verdict, mentions("weak: .*filter-drop"));
}
