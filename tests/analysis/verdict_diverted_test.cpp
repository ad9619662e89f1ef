// A router on the way sends the port elsewhere: the owner of the address is not to blame.

#include <algorithm>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/trace_words.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// r2 gives the port another destination: its own message bears the owner's name. The owner stands
/// at hop 4.
const std::string renamed_at_2 =
    "0.1 syn target @1 < te from=r1 ttl=64\n0.1 syn target @2 < te from=server ttl=63\n";

}  // namespace

TEST_CASE("A router diverts the port to a closed one: it is named, and not the owner's host") {
  const auto lines =
      "0 syn target < rst-ack ttl=62 marked\n0 connect returns=ECONNREFUSED < "
      "rst-ack ttl=62\n" +
      renamed_at_2 + "0.1 syn target @3 < rst-ack ttl=62 marked\n" + closed_control(4);
  const auto family = each_family();
  const auto analysis = analyse(run_of(lines, family));
  const auto& verdict = analysis.verdict;
  CHECK(analysis.path.distance.target_flow == 3);
  CHECK(analysis.path.hops[1].responders.front() == address_of("r2", family));
  CHECK(in_one_line(verdict) ==
        "refused: router 2..2 strong: transparent-proxy / closed-port 3..3");
  CHECK(verdict.culprit.where.address == address_of("r2", family));
  CHECK(verdict.explanations[1].where.kind == CulpritKind::router);
  CHECK(caveats_of(verdict) == "transparent-proxy");
}

TEST_CASE(
    "A router takes the port to itself: a stack's RST comes from there, in the owner's name") {
  const auto family = each_family();
  const std::string of_r2 = " < rst-ack ttl=63 marked\n", of_host = " < rst-ack ttl=61 marked\n";
  const auto flow = "0 syn target" + of_r2 + "0 connect returns=ECONNREFUSED < rst-ack ttl=63\n" +
                    "0.1 syn target @1 < te from=r1 ttl=64\n0.1 syn target @2" + of_r2 +
                    closed_control(4);
  const auto others = "0.3 syn target lane=1" + of_r2 + "0.3 syn control lane=1" + of_host +
                      "0.3 syn target lane=2" + of_r2 + "0.3 syn control lane=2" + of_host;
  const auto verdict = analyse(run_of(flow + others, family)).verdict;
  CHECK(in_one_line(verdict) ==
        "refused: router 2..2 strong: transparent-proxy / middlebox-reset closed-port");
  CHECK(verdict.culprit.where.address == address_of("r2", family));
  for (const auto& other : verdict.explanations)
    CHECK(other.where.kind != CulpritKind::destination);
  CHECK(caveats_of(verdict) == "transparent-proxy");
  // One flow alone may have a way of its own to the host.
  CHECK_THAT(verdict_of(flow, family), !mentions("transparent-proxy"));
  // Beside a real answer it is forged, whatever mark it bears.
  CHECK_THAT(verdict_of(flow + others + "0.5 syn target < syn-ack ttl=61 < rst-ack ttl=63 marked\n",
                        family),
             !mentions("transparent-proxy"));
}

TEST_CASE("The owner's RST to the port, and its answer to the other was lost at the same hop") {
  const auto family = each_family();
  const std::string reset = " < rst-ack ttl=62 marked\n";
  const auto lines = "0 syn target" + reset + passes("target", 1, 2) + "0.1 syn target @3" + reset +
                     "0.3 syn target lane=1" + reset + "0.3 syn target lane=2" + reset +
                     "0.2 syn control" + reset + passes("control", 1, 2) +
                     "0.2 syn control @3\n0.2 syn control @4" + reset + "0.3 syn control lane=1" +
                     reset + "0.3 syn control lane=2" + reset;
  CHECK_THAT(verdict_of(lines, family), begins_with("refused: destination 3..3"));
}

TEST_CASE("What that router answers to other segments says nothing of a service on the host") {
  const auto family = each_family();
  const std::string of_r2 = " < rst-ack ttl=63 marked\n", of_host = " < rst-ack ttl=61 marked\n";
  const auto lines =
      "0 syn target" + of_r2 + "0.1 syn target @1 < te from=r1 ttl=64\n" + "0.1 syn target @2" +
      of_r2 + closed_control(4) + "0.3 syn target lane=1" + of_r2 + "0.3 syn control lane=1" +
      of_host + "0.4 ack target < rst ttl=63 marked\n0.4 fin target x2\n0.4 fin control" + of_host;
  const auto verdict = analyse(run_of(lines, family)).verdict;
  for (const auto& other : verdict.explanations)
    for (const auto& why : other.because) CHECK_THAT(why.text.str(), !mentions("is listening"));
}

TEST_CASE("A router diverts the port to one that accepts and closes: it is named, not the other") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < syn-ack ttl=62\n0 connect returns=0 closed=fin closes=0.1 < syn-ack "
      "ttl=62\n" +
      renamed_at_2 + "0.1 syn target @3 < syn-ack ttl=62\n" + closed_control(4);
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict) ==
        "closed-early: router 2..2 strong: transparent-proxy / accept-then-close 3..3");
  CHECK(analysis.path.distance.target_flow == 3);
}

TEST_CASE(
    "A message that a router's own system wrote in the owner's name: it translates addresses") {
  const auto family = each_family();
  const auto message = [](const char* hops, const char* how) {
    return std::string(" < icmp=net from=server ttl=63 q=") + hops + how + "\n";
  };
  const auto lines = [&](const char* how) {
    return "0 syn target" + message("63", how) + "0.1 syn target @1 < te from=r1 ttl=64\n" +
           "0.1 syn target @2" + message("1", how) + closed_control(4);
  };
  const auto verdict = analyse(run_of(lines(""), family)).verdict;
  CHECK(in_one_line(verdict) ==
        "unreachable: router 2..2 strong: transparent-proxy icmp-reject-router no-route");
  const auto r2 = to_string(address_of("r2", family));
  for (const auto& other : verdict.explanations) CHECK_THAT(other.settled_by.str(), mentions(r2));
  // At device ingress a rule makes it up: no address was translated.
  CHECK(verdict_of(lines(" forged"), family) == "rejected: router 2..2 strong: icmp-reject-router");
}

TEST_CASE("A message forged in the owner's name: its hop limit tells where it was made") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=server ttl=63 q=63 forged\n0.1 syn target @1 < te from=r1 "
      "ttl=64\n0.1 syn target @2 < icmp=admin from=server ttl=63 q=1 forged\n" +
      closed_control(4);
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(std::ranges::any_of(verdict.explanations.front().because, [](const Evidence& why) {
    return why.text.str().find("It bears the name of") == 0;
  }));
  CHECK_THAT(verdict.explanations.front().settled_by.str(),
             mentions(to_string(address_of("r2", family))));
}

TEST_CASE("A router diverts the port to a host that rejects") {
  const auto message = "< icmp=admin from=server ttl=62 q=62\n";
  const auto lines = std::string("0 syn target ") + message + "0 connect returns=EHOSTUNREACH " +
                     message + renamed_at_2 +
                     "0.1 syn target @3 < icmp=admin from=server ttl=62 q=1\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines), begins_with("rejected: router 2..2 strong: transparent-proxy / "));
}

TEST_CASE("A router diverts the port to a host that is down: the owner's answers other ports") {
  const auto family = each_family();
  const auto message = "< icmp=host from=server ttl=63 q=62 after=3.07\n";
  const auto lines = std::string("0 syn target ") + message + "0 connect returns=EHOSTUNREACH " +
                     message + renamed_at_2 +
                     "0.1 syn target @3 < icmp=host from=server ttl=63 q=1 after=2.97\n" +
                     closed_control(4);
  CHECK(verdict_of(lines, family) ==
        "unreachable: router 2..2 strong: transparent-proxy / host-down 3..3");
}

TEST_CASE("A router diverts the port to a host at the owner's distance: it may be the owner's") {
  const auto lines =
      "0 syn target < rst-ack ttl=61 marked\n0 connect returns=ECONNREFUSED < "
      "rst-ack ttl=61\n" +
      renamed_at_2 +
      "0.1 syn target @3 < te from=server ttl=62\n"
      "0.1 syn target @4 < rst-ack ttl=61 marked\n" +
      closed_control(4);
  CHECK(verdict_of(lines, each_family()) ==
        "refused: between 2..4 strong: transparent-proxy 2..2 closed-port 4..4");
}

TEST_CASE("Lost messages only widen the place of the router that diverts") {
  const auto family = each_family();
  const std::string down = "< icmp=host from=server ttl=62 q=61 after=3.07\n";
  const auto rest = "0 syn target " + down + "0 connect returns=EHOSTUNREACH " + down +
                    "0.1 syn target @1 < te from=r1 ttl=64\n"
                    "0.1 syn target @3 < te from=server ttl=62\n"
                    "0.1 syn control @1 < te from=r1 ttl=64\n"
                    "0.1 syn control @3 < te from=r3 ttl=62\n"
                    "0.1 syn control @4 < rst-ack ttl=61 marked\n";
  // The comparison port's was lost at the router that diverts; then its own on the port's flow.
  CHECK(verdict_of(rest + "0.1 syn target @2 < te from=server ttl=63\n", family) ==
        "unreachable: router 2..2 strong: transparent-proxy / host-down 4..4");
  CHECK(verdict_of(rest + "0.1 syn control @2 < te from=r2 ttl=63\n", family) ==
        "unreachable: between 2..3 strong: transparent-proxy / host-down 4..4");
}

TEST_CASE("No message came on the comparison port's flow: how much nearer than the owner tells") {
  const auto family = each_family();
  const std::string down = "< icmp=host from=server ttl=62 q=61 after=3.07\n";
  const auto lines = [&](int ttl_of_owner) {
    const auto reset = "< rst-ack ttl=" + std::to_string(ttl_of_owner) + " marked\n";
    return "0 syn target " + down + "0 connect returns=EHOSTUNREACH " + down +
           "0.1 syn target @3 < te from=server ttl=62\n0 syn control " + reset +
           "0.1 syn control @3\n0.1 syn control @4 " + reset;
  };
  CHECK(verdict_of(lines(61), family) ==
        "unreachable: between 1..3 strong: transparent-proxy / host-down 4..4");
  // The owner's answers come over as few: it stands there itself, and its answer at hop 3 was lost.
  CHECK(verdict_of(lines(62), family) ==
        "unreachable: destination 4..4 strong: host-down port-forward");
}

TEST_CASE("The port is open although a router gave it another destination: that is told") {
  const auto lines =
      "0 syn target < syn-ack ttl=61\n0 connect returns=0 says=SSH-2.0-x < syn-ack "
      "ttl=61\n" +
      renamed_at_2 +
      "0.1 syn target @3 < te from=server ttl=62\n"
      "0.1 syn target @4 < syn-ack ttl=61\n" +
      closed_control(4);
  CHECK(verdict_of(lines, each_family()) == "open: none strong: listening transparent-proxy 2..2");
}

TEST_CASE("The owner's name nearer than the host, over another way back: the owner on two paths") {
  const auto lines =
      "0 syn target < rst-ack ttl=61 marked\n0 connect returns=ECONNREFUSED < "
      "rst-ack ttl=61\n"
      "0.1 syn target @1 < te from=r1 ttl=64\n"
      "0.1 syn target @2 < te from=server ttl=61\n"
      "0.1 syn target @3 < rst-ack ttl=61 marked\n" +
      closed_control(4);
  CHECK_THAT(verdict_of(lines, each_family()), !mentions("transparent-proxy"));
}

TEST_CASE("The owner's own name beside that of a router is no path that divides") {
  const auto lines = "0 syn target < rst-ack ttl=62 marked\n" + renamed_at_2 +
                     "0.1 syn target @3 < rst-ack ttl=62 marked\n" + closed_control(4);
  CHECK_THAT(caveats_of(lines, each_family()), !mentions("several-paths"));
}
