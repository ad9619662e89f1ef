// Addresses that something on the way rewrites: messages in the name of a NAT, ports that lead to
// another host (DNAT). Chain: client, r1, r2, r3, host at hop 4.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string bad_checksum_silent = "0.4 bad-syn target x2 every=0\n";

}  // namespace

TEST_CASE("A masquerading first router restores the quote: the same verdict") {
  const auto family = each_family();
  const auto rejected_at_r2 = "0 syn target < icmp=admin from=r2 ttl=63 q=62\n" +
                              passes("target", 1, 2) +
                              "0.2 syn target @3 < icmp=admin from=r2 ttl=63 q=1\n";
  const auto lines = rejected_at_r2 + bad_checksum_silent + closed_control(4);
  auto rewritten = lines;
  const std::string q = "q=62";
  rewritten.replace(rewritten.find(q), q.size(),
                    "q=62 quoted-source=stranger quoted-source-port=9");
  CHECK(verdict_of(rewritten, family) == verdict_of(lines, family));
}

TEST_CASE("DNAT to a host that rejects: its ICMP wears the forwarder's address") {
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=port ttl=61 q=61\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < te from=server ttl=62\n"
                     "0.2 syn target @4 < icmp=port ttl=61 q=1\n" +
                     bad_checksum_silent + "0.05 syn control < rst-ack ttl=62 marked\n" +
                     passes("control", 1, 2) + "0.2 syn control @3 < rst-ack ttl=62 marked\n";
  CHECK(verdict_of(lines, family) ==
        "rejected: destination 4..4 strong: icmp-reject-host port-forward");
}

TEST_CASE(
    "A code of a routing table from the host: a rule, or a forward without a route behind it") {
  // Measured: DNAT and no route give 3/0 in the public address' name, at the forwarder's distance.
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=net ttl=62 q=62\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < icmp=net ttl=62 q=1\n" + bad_checksum_silent +
                     closed_control(3) + "0.3 echo < echo-reply ttl=62\n";
  CHECK(verdict_of(lines, family) ==
        "rejected: destination 3..3 strong: icmp-reject-host / no-route");
}

TEST_CASE("DNAT, and no route to the inner host two hops behind: what the code says") {
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=net ttl=61 q=62\n" + passes("target", 1, 1) +
                     "0.2 syn target @2 < te from=server ttl=63\n"
                     "0.2 syn target @3\n" +
                     bad_checksum_silent + "0.05 syn control < rst-ack ttl=63 marked\n" +
                     passes("control", 1, 1) + "0.2 syn control @2 < rst-ack ttl=63 marked\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("unreachable: destination 3..3 "));
  CHECK_THAT(verdict_of(lines, family), ends_with(": no-route port-forward / icmp-reject-host"));
}

TEST_CASE("DNAT to a dead host: 3/1 after three seconds in the address's own name") {
  const auto lines = "0 syn target < icmp=3/1 ttl=62 q=61 after=3.1\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < te from=server ttl=62\n"
                     "0.2 syn target @4 < icmp=3/1 ttl=62 q=1 after=2.9\n"
                     "0.3 bad-syn target < icmp=3/1 ttl=62 q=61 after=2.8\n"
                     "0.05 syn control < rst-ack ttl=62 marked\n" +
                     passes("control", 1, 2) + "0.2 syn control @3 < rst-ack ttl=62 marked\n";
  CHECK(verdict_of(lines) == "unreachable: destination 4..4 strong: host-down port-forward");
}

TEST_CASE(
    "A NAT puts its own address on the messages of all routers: the way back tells them apart") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=net from=r1 ttl=63 q=63\n0.2 syn target @1 < te from=r1 "
      "ttl=64\n0.2 syn target @2 < icmp=net from=r1 ttl=63 q=1\n"
      "0.05 syn control < icmp=net from=r1 ttl=63 q=63\n"
      "0.4 bad-syn target < icmp=net from=r1 ttl=63 q=63\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("unreachable: "));
  CHECK_THAT(verdict_of(lines, family), ends_with(": no-route"));
  CHECK(analyse(run_of(lines, family)).verdict.culprit.where.last_hop == std::uint8_t{2});
  CHECK(caveats_of(lines, family).find("no-icmp") == std::string::npos);
}

TEST_CASE("A loop behind a NAT that puts its own address on all messages") {
  const auto family = each_family();
  const auto met = [](int distance, int ttl) {
    return fmt::format("0.2 syn target @{} < te from=r1 ttl={}\n", distance, ttl);
  };
  const auto lines = "0 syn target < te from=r1 ttl=62\n" + met(1, 64) + met(2, 63) + met(3, 62) +
                     met(4, 63) + met(5, 62);
  CHECK(verdict_of(lines, family) == "unreachable: between 2..3 strong: routing-loop");
}

TEST_CASE("A loop behind a forwarding device, which puts its own name on all messages behind it") {
  // Found in the lab. The routers are told apart by their ways back.
  const auto family = each_family();
  const auto met = [](int distance, int ttl) {
    return fmt::format("0.2 syn target @{} < te from=server ttl={}\n", distance, ttl);
  };
  const auto lines = "0 syn target < te from=server ttl=61\n" + passes("target", 1, 1) +
                     met(2, 63) + met(3, 62) + met(4, 61) + met(5, 62) +
                     "0.05 syn control < rst-ack ttl=63 marked\n";
  CHECK(verdict_of(lines, family) == "unreachable: between 3..4 strong: routing-loop");
}

TEST_CASE(
    "A known hop's name on a message that comes the way of another hop's: either of the two") {
  // Found in the lab: a router on the way back writes the address of r3 into r2's messages.
  const auto family = each_family();
  const std::string rejected = " < icmp=admin from=r3 ttl=63 q=";
  const auto lines = "0 syn target" + rejected + "62\n" + passes("target", 1, 2) +
                     "0.2 syn target @3" + rejected + "1\n" + closed_control(5);
  CHECK(verdict_of(lines, family) == "rejected: between 2..3 strong: icmp-reject-router");
}

TEST_CASE("DNAT: time exceeded in the destination's own name, then a RST from behind it",
          "[line-16]") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61 marked\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < te from=server ttl=62\n" +
                     "0.2 syn target @4 < rst-ack ttl=61 marked\n" +
                     "0.05 syn control < rst-ack ttl=62 marked\n" + passes("control", 1, 2) +
                     "0.2 syn control @3 < rst-ack ttl=62 marked\n";
  CHECK(verdict_of(lines, family) == "refused: destination 4..4 strong: closed-port port-forward");
  CHECK(caveats_of(lines, family) == "behind-forward");
}

TEST_CASE("DNAT: the mark in the forwarding device's own RST says nothing of the host behind it") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < te from=server ttl=62\n" +
                     "0.2 syn target @4 < rst-ack ttl=61\n" +
                     "0.05 syn control < rst-ack ttl=62 marked\n" + passes("control", 1, 2) +
                     "0.2 syn control @3 < rst-ack ttl=62 marked\n";
  CHECK(verdict_of(lines, family) ==
        "refused: destination 4..4 strong: closed-port host-firewall-reset port-forward");
}

TEST_CASE("DNAT: a device between the forwarding one and the host resets, or the former itself") {
  // Found in the lab: a RST over as few routers as the messages of the hop that lets the SYN pass.
  const auto family = each_family();
  const auto control = "0.05 syn control < rst-ack ttl=63 marked\n" + passes("control", 1, 1) +
                       "0.2 syn control @2 < rst-ack ttl=63 marked\n";
  const std::string by_owner =
      passes("target", 1, 1) + "0.2 syn target @2 < te from=server ttl=63\n";
  const auto at_owner = "0 syn target < rst-ack ttl=63\n" + by_owner +
                        "0.2 syn target @3 < rst-ack ttl=63\n" + control;
  CHECK(verdict_of(at_owner, family) ==
        "refused: router 2..2 strong: middlebox-reset / closed-port 3..3 host-firewall-reset 3..3 "
        "port-forward 3..3");
  const auto behind = "0 syn target < rst-ack ttl=62\n" + by_owner +
                      "0.2 syn target @3 < te from=server ttl=62\n" +
                      "0.2 syn target @4 < rst-ack ttl=62\n" + control;
  CHECK(verdict_of(behind, family) ==
        "refused: router 3..3 strong: middlebox-reset / closed-port 4..4 host-firewall-reset 4..4 "
        "port-forward 4..4");
}
