// A router that sends no message of its own and resets what it does not pass on. Chain: client, r1,
// r2, r3 (mute), host at hop 4.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

}  // namespace

TEST_CASE("A mute router that resets every port: its RSTs come from nearer than the first probe") {
  // Each RST of a FORWARD rule begins one hop behind the router that makes it (measured).
  const auto family = each_family();
  std::string lines =
      "0 syn target < rst-ack ttl=62\n0 syn control < rst-ack ttl=62\n"
      "0.01 connect returns=ECONNREFUSED < rst-ack ttl=62\n";
  for (const auto* aim : {"target", "control"})
    lines += passes(aim, 1, 2) +
             fmt::format("0.1 syn {0} @3 x3\n0.1 syn {0} @4 < rst-ack ttl=62\n", aim);
  const auto verdict = verdict_of(lines + "0.3 echo x3\n", family);
  CHECK_THAT(verdict,
             begins_with("refused: between 3..4 strong: middlebox-reset 3..3 closed-port"));
}

TEST_CASE("A host whose nearer messages its limit ate is where its quote and its way back say") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=server ttl=61 q=61\n0.01 connect "
      "returns=EHOSTUNREACH < icmp=admin from=server ttl=61 q=61\n0 syn control\n" +
      passes("target", 1, 3) +
      "0.1 syn target @4 x3\n0.1 syn target @5 < icmp=admin from=server ttl=61 q=2\n"
      "0.2 echo < echo-reply ttl=61\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("rejected: destination 4..4 "));
}

TEST_CASE("A bridge before the host may have an address: its message comes as far as the host's") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=r3 ttl=61 q=61\n0.01 connect "
      "returns=EHOSTUNREACH < icmp=admin from=r3 ttl=61 q=61\n" +
      passes("target", 1, 2) +
      "0.1 syn target @3 x3\n0.1 syn target @4 < icmp=admin from=r3 ttl=61 q=1\n"
      "0.4 bad-syn target x2\n"
      "0.05 syn control < rst-ack ttl=61 marked\n" +
      passes("control", 1, 2) +
      "0.1 syn control @3 x2\n0.1 syn control @4 < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("rejected: between 3..4 "));
}

TEST_CASE("No router stands as far as the host, whatever the quote of its message says") {
  // The hop limit in the quote was changed on the way back: 60 left of 64, at hop 3.
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=r3 ttl=62 q=60\n0.01 connect "
      "returns=EHOSTUNREACH < icmp=admin from=r3 ttl=62 q=60\n" +
      passes("target", 1, 2) +
      "0.1 syn target @3 x3\n0.1 syn target @4 < icmp=admin from=r3 ttl=62 q=60\n"
      "0.4 bad-syn target x2\n"
      "0.05 syn control < rst-ack ttl=61 marked\n" +
      passes("control", 1, 2) +
      "0.1 syn control @3 x2\n0.1 syn control @4 < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(lines, family),
             begins_with("rejected: router 3..3 strong: icmp-reject-router"));
}

TEST_CASE("A quote that was changed on its way does not tell how far the SYN came") {
  // Hop 2 has no route; its messages are few, and none of time exceeded came beyond hop 1.
  const std::string told = "< icmp=admin from=r2 ttl=63 q=60";
  const auto lines = [&](const std::string& how) {
    return "0 syn target " + told + how + "\n0.01 connect returns=EHOSTUNREACH " + told + how +
           "\n" + passes("target", 1, 1) + "0.1 syn target @2 x2\n0.1 syn target @3 x2\n" +
           "0.4 bad-syn target " + told + how + "\n0.05 syn control x2\n";
  };
  CHECK_THAT(verdict_of(lines("")), mentions("router 5..5 strong: route-prohibited"));
  CHECK_THAT(verdict_of(lines(" quote-changed")),
             begins_with("unreachable: unknown 2..? weak: route-prohibited"));
}
