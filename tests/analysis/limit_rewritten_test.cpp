// A router gives forwarded packets a new hop limit: what stands behind it seems to stand right
// there. Chain: client, r1, r2, r3, host at hop 4; only TCP is rewritten unless said otherwise.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string ping = "0.4 echo < echo-reply ttl=61\n";

/// The host's RST to the control port, met behind the router that writes the hop limit.
std::string control_met_at(int hop, int arrives_with) {
  return fmt::format(
             "0 syn control < rst-ack ttl={0} marked\n0.1 syn control @{1} < rst-ack "
             "ttl={0} marked\n",
             arrives_with, hop) +
         passes("control", 1, hop - 1);
}

std::string silent_from(int hop) {
  return "fact gateway=r1\n0 syn target x3\n" + passes("target", 1, hop - 1) +
         fmt::format(
             "0.1 syn target @{} x3\n0.4 bad-syn target x2\n0.5 ack target x3\n0.5 fin "
             "target x3\n0.5 ack control x3 < rst ttl=64 marked\nfact ends=6\n",
             hop);
}

bool is_rewritten(const std::string& lines, Family family) {
  return caveats_of(lines, family).find("hop-limit-rewritten") != std::string::npos;
}

}  // namespace

TEST_CASE("Hop 1 writes the hop limit: a drop behind it is anywhere behind it") {
  const auto family = each_family();
  const auto arrives_with = GENERATE(64, 128, 255, 32);
  const auto lines = silent_from(2) + control_met_at(2, arrives_with) + ping;
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: unknown 1..? weak: filter-drop"));
  CHECK(is_rewritten(lines, family));
}

TEST_CASE("Hop 1 writes the hop limit: who resets the port is not the router at hop 1 for sure") {
  const auto family = each_family();
  const auto lines =
      "fact gateway=r1\n0 syn target < rst-ack ttl=64\n"
      "0.01 connect returns=ECONNREFUSED < rst-ack ttl=64\n" +
      passes("target", 1, 1) + "0.1 syn target @2 < rst-ack ttl=64\n" + control_met_at(2, 64) +
      ping;
  const auto verdict = verdict_of(lines, family);
  CHECK_THAT(verdict, begins_with("refused: unknown 1..? weak:"));
  CHECK_THAT(verdict, mentions("middlebox-reset"));
  CHECK(is_rewritten(lines, family));
}

TEST_CASE("Hop 2 writes the hop limit before it counts it down: nothing fits where it is met") {
  const auto family = each_family();
  const auto lines = silent_from(2) + control_met_at(2, 62) + ping;
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: unknown 1..? weak: filter-drop"));
  CHECK(is_rewritten(lines, family));
}

TEST_CASE("Hop 2 writes the hop limit: the host seems to stand right behind it") {
  const auto family = each_family();
  const auto lines = silent_from(3) + control_met_at(3, 63) + ping;
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: unknown 2..? weak: filter-drop"));
  CHECK(is_rewritten(lines, family));
}

TEST_CASE("Hop 2 raises the hop limit by three, both ways") {
  const auto family = each_family();
  const auto lines = silent_from(3) + control_met_at(3, 64) + ping;
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: unknown 2..? weak: filter-drop"));
  CHECK(is_rewritten(lines, family));
}

TEST_CASE("The gateway writes the hop limit before it counts it down: all seems to be at hop 1") {
  const auto family = each_family();
  const auto lines =
      "fact gateway=r1\n0 syn target x3\n0.1 syn target @1 x3\n"
      "0 syn control < rst-ack ttl=63 marked\n0.1 syn control @1 < rst-ack ttl=63 "
      "marked\n0.4 bad-syn target x2\n0.5 ack target x3\n0.5 fin target x3\n"
      "0.5 ack control x3 < rst ttl=63 marked\nfact ends=6\n" +
      ping;
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: destination 1..? weak: filter-drop"));
  CHECK(is_rewritten(lines, family));
}

TEST_CASE("A rule of hop 1 that resets all ports bears no stack's mark, and writes no hop limit") {
  const auto family = each_family();
  const auto lines = silent_from(2) + "0 syn control < rst-ack ttl=64\n" + passes("control", 1, 1) +
                     "0.1 syn control @2 < rst-ack ttl=64\n" + ping;
  CHECK_FALSE(is_rewritten(lines, family));
}

TEST_CASE("A host's own way back of another length writes no hop limit") {
  const auto family = each_family();
  const auto lines = silent_from(4) + control_met_at(4, 62) + "0.4 echo < echo-reply ttl=62\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: between 3..4 strong: filter-drop"));
  CHECK_FALSE(is_rewritten(lines, family));
}
