// The traps of the measured signatures, section 12, each as a test of that name. Chain: client, r1,
// r2, r3, host at hop 4.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string marked_reset = "0 syn target < rst-ack ttl=61 marked\n";
const std::string alive =
    "0.4 echo < echo-reply ttl=61\n0.5 ack control x3 < rst ttl=61 marked\n"
    "0.5 fin control x3 < rst-ack ttl=61 marked\n";
const std::string port_silent =
    "0 syn target x3\nfact ends=6\n0.5 ack target x3\n"
    "0.5 fin target x3\n";

}  // namespace

TEST_CASE("Trap 1: a router out of ICMP answers is no drop", "[trap-01]") {
  // r3 answers one in three on the control flow as well: its silence to the port proves nothing.
  const auto lines = port_silent + alive + passes("target", 1, 2) +
                     "0.3 syn target @3 x3\n0.3 syn target @4 x3\n"
                     "0.05 syn control < rst-ack ttl=61 marked\n" +
                     passes("control", 1, 2) +
                     "0.3 syn control @3 x3 < te from=r3 ttl=62 only=3\n"
                     "0.3 syn control @4 < rst-ack ttl=61 marked\n";
  const auto verdict = verdict_of(lines);
  CHECK_THAT(verdict, begins_with("dropped: between 2..4"));
  CHECK_THAT(caveats_of(lines), mentions("icmp-rate-limited"));
}

TEST_CASE("Trap 1: a time exceeded asked for once and missing is no drop", "[trap-01]") {
  const auto family = each_family();
  const auto lines = port_silent + alive + passes("target", 1, 2) +
                     "0.3 syn target @3\n0.3 syn target @4\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: between 2..4 "));
}

TEST_CASE("Trap 2: on silence both sides of the gap are named", "[trap-02]") {
  const auto family = each_family();
  const auto lines = port_silent + alive + passes("target", 1, 2) +
                     "0.3 syn target @3 x3\n0.3 syn target @4 x3\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: between 2..3 strong: filter-drop"));
}

TEST_CASE("Trap 3: a router starts its messages at 255 and its forged RST at 64", "[trap-03]") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < rst-ack ttl=63\n0.2 syn target @1 < te from=r1 ttl=255\n"
      "0.2 syn target @2 < te from=r2 ttl=254\n0.2 syn target @3 < rst-ack ttl=63\n" +
      closed_control(4);
  CHECK(verdict_of(lines, family) == "refused: router 2..2 strong: middlebox-reset");
}

TEST_CASE("Trap 3: a path back of another length, the same for all", "[trap-03]") {
  // Two routers more on the way back than on the way there: distances by hop limit would be wrong.
  const auto family = each_family();
  const auto lines =
      "0 syn target < rst-ack ttl=59 marked\n0.2 syn target @1 < te from=r1 ttl=64\n"
      "0.2 syn target @2 < te from=r2 ttl=61\n0.2 syn target @3 < te from=r3 ttl=60\n"
      "0.2 syn target @4 < rst-ack ttl=59 marked\n"
      "0.05 syn control < rst-ack ttl=59 marked\n"
      "0.2 syn control @3 < te from=r3 ttl=60\n"
      "0.2 syn control @4 < rst-ack ttl=59 marked\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("refused: destination 4..4 "));
}

TEST_CASE("Trap 3: a host that starts at an odd hop limit, the same on every port", "[trap-03]") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=29 marked\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=29 marked\n"
                     "0.05 syn control < rst-ack ttl=29 marked\n" +
                     passes("control", 1, 3) + "0.2 syn control @4 < rst-ack ttl=29 marked\n";
  CHECK_THAT(verdict_of(lines, family), ends_with(": closed-port"));
  CHECK_THAT(verdict_of(lines, family), begins_with("refused: destination 4..4 "));
}

TEST_CASE("Trap 4: an ICMP source may be forged as well", "[trap-04]") {
  const auto lines =
      "0 syn target < icmp=admin ttl=63 q=63 forged\n0.2 syn target @1 < te from=r1 ttl=64\n"
      "0.2 syn target @2 < icmp=admin ttl=63 q=1 forged\n0.4 bad-syn target x2\n" +
      closed_control(4);
  CHECK_THAT(verdict_of(lines, each_family()), begins_with("rejected: router 2..2 "));
}

TEST_CASE("Trap 5: time exceeded from the destination's address is a device in front",
          "[trap-05]") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < te from=server ttl=62\n"
                     "0.2 syn target @4 < syn-ack ttl=61\n"
                     "0.05 syn control < rst-ack ttl=62 marked\n" +
                     passes("control", 1, 2) + "0.2 syn control @3 < rst-ack ttl=62 marked\n" +
                     "0.01 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  CHECK(verdict_of(lines, family) == "open: none certain: listening");
}

TEST_CASE("Trap 6: two boxes answer for one address; the SYN's answer decides, not the FIN's",
          "[trap-06][line-16]") {
  const auto family = each_family();
  const auto lines = marked_reset + passes("target", 1, 2) +
                     "0.2 syn target @3 < te from=server ttl=62\n"
                     "0.2 syn target @4 < rst-ack ttl=61 marked\n"
                     "0.5 fin target < rst-ack ttl=62 marked\n"
                     "0.05 syn control < rst-ack ttl=62 marked\n" +
                     passes("control", 1, 2) + "0.2 syn control @3 < rst-ack ttl=62 marked\n";
  CHECK(verdict_of(lines, family) == "refused: destination 4..4 strong: closed-port port-forward");
}

TEST_CASE("Trap 7: a FIN eaten by connection tracking shows no listener", "[trap-07]") {
  // The control port's FIN vanishes as well: INVALID is dropped first.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < rst-ack ttl=63\n" + closed_control(4) +
                     "0.5 ack target x2 < rst ttl=61 marked\n0.5 fin target x2\n"
                     "0.5 fin control x2\n";
  for (const auto& explanation : analyse(run_of(lines, family)).verdict.explanations)
    for (const auto& evidence : explanation.because)
      CHECK(evidence.text.str().find("is listening behind") == std::string::npos);
}

TEST_CASE("Trap 8: two routers at one hop, the text says so", "[trap-08]") {
  const auto lines =
      marked_reset + passes("target", 1, 3) +
      "0.2 syn target @4 < rst-ack ttl=61 marked\n"
      "0.05 syn control < rst-ack ttl=61 marked\n0.2 syn control @1 < te from=r1 ttl=64\n"
      "0.2 syn control @2 < te from=r2b ttl=63\n0.2 syn control @3 < te from=r3 ttl=62\n"
      "0.2 syn control @4 < rst-ack ttl=61 marked\n";
  CHECK(caveats_of(lines) == "several-paths");
  CHECK_THAT(verdict_of(lines), begins_with("refused: destination 4..4 "));
}

TEST_CASE("Trap 8: paths of different length: the stack's own RST stays the host's", "[trap-08]") {
  // The target's flow needs 3 hops, the control flow 4.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=62 marked\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < rst-ack ttl=62 marked\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), mentions("closed-port"));
}

TEST_CASE("Trap 9: the kernel's own RST to a SYN/ACK is no answer from outside", "[trap-09]") {
  const auto analysis = analyse(run_of("0 syn target < syn-ack ttl=61\n"));
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(analysis.packets.received == 1);
}

TEST_CASE("Trap 11: hops without time exceeded are listed, not blamed", "[trap-11]") {
  const auto family = each_family();
  const auto lines = marked_reset +
                     "0.2 syn target @1 < te from=r1 ttl=64\n0.2 syn target @2 x3\n"
                     "0.2 syn target @3 < te from=r3 ttl=62\n"
                     "0.2 syn target @4 < rst-ack ttl=61 marked\n"
                     "0.05 syn control < rst-ack ttl=61 marked\n0.2 syn control @2 x3\n"
                     "0.2 syn control @4 < rst-ack ttl=61 marked\n";
  CHECK(verdict_of(lines, family) == "refused: destination 4..4 strong: closed-port");
  CHECK(caveats_of(lines, family) == "silent-hops");
}

TEST_CASE("Trap 12: a quote of 28 bytes, rewritten by a NAT, still counts", "[trap-12]") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=r2 ttl=63 q=62 quote=8 quoted-source=stranger\n" +
      passes("target", 1, 2) +
      "0.2 syn target @3 < icmp=admin from=r2 ttl=63 q=1 quote=8\n"
      "0.4 bad-syn target x2\n" +
      closed_control(4);
  CHECK_THAT(verdict_of(lines, family), begins_with("rejected: router 2..2 "));
}

TEST_CASE("Trap 12: ... and the text says that quotes come back rewritten", "[trap-12]") {
  const auto lines = "0 syn target < icmp=admin from=r2 ttl=63 q=62 quoted-source=stranger\n" +
                     passes("target", 1, 2) + closed_control(4);
  CHECK_THAT(caveats_of(lines), mentions("quote-rewritten"));
}

TEST_CASE("Trap 13: a RST without ACK, or with a wrong one, is seen but refuses nothing",
          "[trap-13]") {
  const auto family = each_family();
  const auto* odd = GENERATE("rst ttl=61", "rst-ack ttl=61 ack=wrong");
  const auto lines = "0 syn target x3 < " + std::string(odd) + "\n" + passes("target", 1, 3) +
                     "0.3 syn target @4 x3\nfact ends=6\n" + closed_control(4) + alive;
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: "));
  CHECK_THAT(caveats_of(lines, family), mentions("forged-replies"));
}

TEST_CASE("Trap 14: our own probes may have tripped a limit", "[trap-14]") {
  const auto lines =
      "0 syn target x5 every=0.3 < syn-ack ttl=61 only=1 < syn-ack ttl=61 only=2 "
      "< icmp=port ttl=61 q=61 only=4 < icmp=port ttl=61 q=61 only=5\n" +
      closed_control(4) + "1.5 connect returns=ECONNREFUSED < icmp=port ttl=61 q=61\n";
  CHECK_THAT(verdict_of(lines), begins_with("intermittent:"));
}

TEST_CASE("Trap 16: errno a second late is still that errno", "[trap-16]") {
  const auto lines =
      "0 connect returns=EHOSTUNREACH took=1.01 syns=2 "
      "< icmp=admin from=r2 ttl=63 q=62 only=1 < icmp=admin from=r2 ttl=63 q=62 only=2\n"
      "0 syn target < icmp=admin from=r2 ttl=63 q=62\n" +
      passes("target", 1, 2) + "0.2 syn target @3 < icmp=admin from=r2 ttl=63 q=1\n" +
      "0.4 bad-syn target x2\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines), begins_with("rejected: router 2..2 "));
}

TEST_CASE("Trap 17: a path that bleaches the class does not make a firewall", "[trap-17]") {
  const auto lines = "0 syn target < rst-ack ttl=61\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61\n0.05 syn control < rst-ack ttl=61\n" +
                     passes("control", 1, 3) + "0.2 syn control @4 < rst-ack ttl=61\n";
  CHECK_THAT(verdict_of(lines), mentions("closed-port"));
  CHECK_THAT(caveats_of(lines), mentions("class-not-echoed"));
}

TEST_CASE("Trap 18: a stealth host: no RST anywhere proves nothing", "[trap-18]") {
  const auto family = each_family();
  const auto lines = port_silent + passes("target", 1, 3) + "0.3 syn target @4 x3\n" +
                     "0.05 syn control x3\n" + passes("control", 1, 3) + "0.3 syn control @4 x3\n" +
                     "0.4 echo < echo-reply ttl=61\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: between 3..4 "));
  CHECK_THAT(caveats_of(lines, family), mentions("control-silent"));
}

TEST_CASE("Trap 19: Permission denied in IPv6 and No route to host in IPv4 are a firewall",
          "[trap-19]") {
  const auto lines = "0 syn target < icmp=admin from=r2 ttl=63 q=62\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < icmp=admin from=r2 ttl=63 q=1\n0.4 bad-syn target x2\n" +
                     closed_control(4);
  for (const auto family : {Family::ipv4, Family::ipv6})
    CHECK_THAT(verdict_of(lines, family), begins_with("rejected: router 2..2 "));
}

TEST_CASE(
    "Trap 10: a capture sees what leaves after the output rules, what comes before the input's",
    "[trap-10]") {
  const auto family = each_family();
  SECTION("a SYN that sendto() took and the capture never saw has not left") {
    CHECK(verdict_of(
              "0 connect hidden\n0 syn target x3 unsent\n" + closed_control(4) + "fact ends=5\n",
              family) == "local: this-host 0..0 strong: local-output-filter / transparent-proxy");
  }
  SECTION("a SYN/ACK that the capture saw may still not have reached the application") {
    CHECK(verdict_of("0 connect < syn-ack ttl=61\n0 syn target < syn-ack ttl=61 stack-silent\n"
                     "fact ends=2\n" +
                         passes("target", 1, 3) + closed_control(4),
                     family) == "local: this-host 0..0 certain: local-input-filter");
  }
}

TEST_CASE("Trap 20: a REJECT that cannot answer is a drop, and nobody is named for it",
          "[trap-20]") {
  // A bridge without an address on the link before the host; wrong checksums never get a REJECT.
  const auto family = each_family();
  const auto lines = port_silent + alive + passes("target", 1, 3) +
                     "0.3 syn target @4 x3\n0.4 bad-syn target x2\n" + closed_control(4);
  CHECK(verdict_of(lines, family) ==
        "dropped: between 3..4 strong: filter-drop / answer-lost 1..4");
}
