// Lines of the decision table that no other test here has with all their packets (the index is in
// README.md beside this). Chain: client, r1, r2, r3, host at hop 4; every box starts at 64.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string ping = "0.4 echo < echo-reply ttl=61\n";

/// A RST like this to the SYN, and where the walk ends.
std::string reset_by_host(const std::string& rst) {
  return "0 syn target < " + rst + "\n" + passes("target", 1, 3) + "0.2 syn target @4 < " + rst +
         "\n";
}

/// The host rejects the port by ICMP; nothing answers a wrong checksum.
std::string rejected_by_host(const std::string& code) {
  return "0 syn target < icmp=" + code + " ttl=61 q=61\n" + passes("target", 1, 3) +
         "0.2 syn target @4 < icmp=" + code + " ttl=61 q=1\n0.4 bad-syn target x2\n";
}

}  // namespace

TEST_CASE("Closed port: marked RST from the host's distance, FIN and ACK reset as well",
          "[line-07]") {
  const auto family = each_family();
  const auto lines = reset_by_host("rst-ack ttl=61 marked") + closed_control(4) + ping +
                     "0.5 ack target < rst ttl=61 marked\n0.5 fin target < rst-ack ttl=61 marked\n"
                     "0.01 connect returns=ECONNREFUSED < rst-ack ttl=61\n";
  CHECK(verdict_of(lines, family) == "refused: destination 4..4 certain: closed-port");
}

TEST_CASE("ufw reject: RST without the mark, ACK reset, FIN eaten as INVALID", "[line-12]") {
  const auto family = each_family();
  const auto lines = reset_by_host("rst-ack ttl=61") + ping +
                     "0.5 ack target x2 < rst ttl=61\n0.5 fin target x2\n0.5 fin control x2\n";
  SECTION("another port is closed and lets the mark be calibrated") {
    CHECK(verdict_of(lines + closed_control(4), family) ==
          "refused: destination 4..4 strong: host-firewall-reset");
  }
  SECTION("ufw's default deny swallows the other port: a stack that writes no mark fits too") {
    const auto silent = "0.05 syn control x3\n" + passes("control", 1, 3) + "0.3 syn control @4\n";
    CHECK(verdict_of(lines + silent + "fact ends=6\n", family) ==
          "refused: destination 4..4 strong: closed-port host-firewall-reset");
  }
}

TEST_CASE("A RST to a SYN with a wrong checksum: a device that verifies none", "[line-14]") {
  const auto family = each_family();
  SECTION("with the way back of the host: transparent, right before it") {
    const auto lines = reset_by_host("rst-ack ttl=61") + closed_control(4) + ping +
                       "0.5 bad-syn target < rst-ack ttl=61\n";
    CHECK(verdict_of(lines, family) ==
          "refused: between 3..4 strong: middlebox-reset / host-firewall-reset 4..4");
  }
  SECTION("with the way back of a router: that router, and the text says why") {
    const auto lines = "0 syn target < rst-ack ttl=63\n" + passes("target", 1, 2) +
                       "0.2 syn target @3 < rst-ack ttl=63\n" + closed_control(4) +
                       "0.5 bad-syn target < rst-ack ttl=63\n";
    const auto verdict = analyse(run_of(lines, family)).verdict;
    CHECK(in_one_line(verdict) == "refused: router 2..2 strong: middlebox-reset");
    CHECK_THAT(verdict.explanations[0].because.back().text.str(), mentions("wrong TCP checksum"));
  }
  SECTION("silence to it proves nothing") {
    const auto lines =
        reset_by_host("rst-ack ttl=61") + closed_control(4) + ping + "0.5 bad-syn target\n";
    CHECK(verdict_of(lines, family) == "refused: destination 4..4 strong: host-firewall-reset");
  }
  SECTION("a stack's own mark is stronger: its network card may vouch for every checksum") {
    const auto lines = reset_by_host("rst-ack ttl=61 marked") + closed_control(4) + ping +
                       "0.5 bad-syn target < rst-ack ttl=61 marked\n";
    CHECK_THAT(verdict_of(lines, family), ends_with(": closed-port"));
  }
}

TEST_CASE("ICMP with an identification of 0 in the host's name, made by a bridge before it",
          "[line-21]") {
  // With the host's way back the bridge looks like the host: its place is the host's.
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=admin ttl=61 q=61 forged\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < icmp=admin ttl=61 q=1 forged\n0.4 bad-syn target x2\n" +
                     closed_control(4) + ping;
  const auto verdict = verdict_of(lines, family);
  CHECK_THAT(verdict, begins_with("rejected: destination 4..4 "));
  CHECK_THAT(verdict, mentions("icmp-reject-host"));
}

TEST_CASE("Port unreachable from the host, ping fine: a rule on it, whichever", "[line-22]") {
  const auto family = each_family();
  CHECK(verdict_of(rejected_by_host("port") + closed_control(4) + ping, family) ==
        "rejected: destination 4..4 certain: icmp-reject-host");
}

TEST_CASE("firewalld: prohibited for SYN, ACK and every port, FIN eaten", "[line-23]") {
  const auto family = each_family();
  const auto lines = rejected_by_host("admin") + ping +
                     "0.05 syn control < icmp=admin ttl=61 q=61\n" + passes("control", 1, 3) +
                     "0.25 syn control @4 < icmp=admin ttl=61 q=1\n"
                     "0.5 ack target < icmp=admin ttl=61 q=61\n0.5 fin target x3\n";
  CHECK(verdict_of(lines, family) == "rejected: destination 4..4 strong: icmp-reject-host");
}

TEST_CASE("kube-proxy without endpoints: SYN and ACK rejected at the node, FIN from behind it",
          "[line-26]") {
  // The node's FORWARD chain rejects what is new; a FIN is INVALID and passes to the backend.
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=port from=r2 ttl=63 q=62\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < icmp=port from=r2 ttl=63 q=1\n0.4 bad-syn target x2\n" +
                     closed_control(4) +
                     "0.5 ack target < icmp=port from=r2 ttl=63 q=62\n"
                     "0.5 fin target < rst-ack ttl=61 marked\n";
  CHECK(verdict_of(lines, family) == "rejected: router 2..2 certain: icmp-reject-router");
}

TEST_CASE(
    "ACK answered at TTL 1 but not at 2, SYN at 2 answered: a NAT at hop 1 eats lone segments",
    "[line-38]") {
  const auto family = each_family();
  const auto lines = "0 syn target x3\n" + passes("target", 1, 3) +
                     "0.3 syn target @4 x3\n0.5 ack target @1 < te from=r1 ttl=64\n"
                     "0.5 ack target @2 x3\n0.5 ack target x3\n0.5 ack control x3\n"
                     "0.5 fin target x3\n0.5 fin control x3\nfact ends=6\n" +
                     closed_control(4) + ping;
  // Their silence is no evidence: beside a filter a SYN filter and a queue fit as well.
  CHECK(verdict_of(lines, family) ==
        "dropped: between 3..4 strong: filter-drop / syn-filter accept-queue-full 4..4 "
        "answer-lost 1..4");
}
