// Trap 15 of the measured signatures: one lost answer is nothing, and moves nobody. Chain: client,
// r1, r2, r3, host at hop 4.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string marked_reset = "0 syn target < rst-ack ttl=61 marked\n";

}  // namespace

TEST_CASE("Trap 15: answers of the host lost on both walks widen its place and do not move it",
          "[trap-15]") {
  const auto lines = "0 syn target < rst-ack ttl=61 marked\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 x2\n0.2 syn target @5 < rst-ack ttl=61 marked\n"
                     "0.05 syn control < rst-ack ttl=61 marked\n" +
                     passes("control", 1, 3) +
                     "0.2 syn control @4\n0.2 syn control @5 < rst-ack ttl=61 marked\n";
  CHECK(verdict_of(lines, each_family()) == "refused: destination 4..5 strong: closed-port");
}

TEST_CASE("Trap 15: one lost answer is no drop", "[trap-15]") {
  const auto family = each_family();
  const auto lines = "0 syn target x3 < rst-ack ttl=61 marked only=2\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61 marked\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), begins_with("refused: destination 4..4 "));
  CHECK_THAT(caveats_of(lines, family), mentions("path-loss"));
}

TEST_CASE("Trap 15: the control flow's step to the host was lost", "[trap-15]") {
  // The host is at hop 4; one lost answer must not put it at 5 and a middlebox at 4: asked once
  // there on each flow, both stay possible.
  const auto family = each_family();
  const auto* mark = GENERATE(" marked", "");
  const auto rst = "rst-ack ttl=61" + std::string(mark);
  const auto lines = "0 syn target < " + rst + "\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < " + rst + "\n0.05 syn control < " + rst + "\n" +
                     passes("control", 1, 3) + "0.2 syn control @4\n0.6 syn control @5 < " + rst +
                     "\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("refused: destination 4.."));
}

TEST_CASE("Trap 15: the target flow's step to the host was lost", "[trap-15]") {
  const auto family = each_family();
  const auto lines = marked_reset + passes("target", 1, 3) +
                     "0.2 syn target @4\n0.6 syn target @5 < rst-ack ttl=61 marked\n" +
                     closed_control(4);
  CHECK_THAT(verdict_of(lines, family), begins_with("refused: destination "));
  CHECK_THAT(verdict_of(lines, family), ends_with(": closed-port"));
}

TEST_CASE("Trap 15: the control flow's step was lost, the host rejects by ICMP", "[trap-15]") {
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=port ttl=61 q=61\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < icmp=port ttl=61 q=1\n0.4 bad-syn target x2\n"
                     "0.05 syn control < rst-ack ttl=61 marked\n" +
                     passes("control", 1, 3) +
                     "0.2 syn control @4\n0.6 syn control @5 < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("rejected: destination "));
}
