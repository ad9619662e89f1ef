// Two equal paths behind r2: one leads to the host at hop 4, on the other r3b sends back to r2.

#include <fmt/format.h>

#include "tests/analysis/planned_world.hpp"
#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string spent = "te from=r3b ttl=62";

std::string walk_round() {
  return "0.1 syn target @1 < te from=r1 ttl=64\n0.1 syn target @2 < te from=r2 ttl=63\n"
         "0.1 syn target @3 < te from=r3b ttl=62\n0.1 syn target @4 < te from=r2 ttl=63\n"
         "0.1 syn target @5 < te from=r3b ttl=62\n";
}

/// Flows with an even lane go round.
std::string some_ways(const Question& question) {
  if (question.kind != ProbeKind::syn || !to_target(question) || question.lane % 2 == 1)
    return open_host(question);
  const int hops = question.hop_limit.value;
  if (hops == 1) return "te from=r1 ttl=64";
  return hops % 2 == 0 && hops != full_hop_limit.value ? "te from=r2 ttl=63" : spent;
}

}  // namespace

TEST_CASE("A SYN that goes round contradicts open, whatever connect() met") {
  const auto family = each_family();
  const auto lines = "0 syn target < " + spent + "\n" + walk_round() +
                     "0.01 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  CHECK(verdict_of(lines, family) == "intermittent: between 2..3 strong: routing-loop");
}

TEST_CASE("A silent hop in the loop may be the one before it, whose messages are limited") {
  const auto family = each_family();
  const auto lines = "0 syn target < " + spent +
                     "\n0.1 syn target @1 < te from=r1 ttl=64\n"
                     "0.1 syn target @2\n0.2 syn target @2 < te from=r2 ttl=63\n"
                     "0.1 syn target @3 < " +
                     spent +
                     "\n0.1 syn target @4\n"
                     "0.1 syn target @5 < " +
                     spent +
                     "\n"
                     "0.01 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  CHECK(verdict_of(lines, family) == "intermittent: between 2..4 strong: routing-loop");
}

TEST_CASE("connect() went round, and the SYN that it sent again took another way") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=61\n" + closed_control(4) +
                     "0.01 connect syns=2 returns=0 says=SSH-2.0-x < " + spent +
                     " < syn-ack ttl=61 only=2\n";
  CHECK(verdict_of(lines, family) == "intermittent: unknown 1..? weak: routing-loop");
}

TEST_CASE("Where connect() went round, the loop is what made it fail") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=61\n" + closed_control(4) +
                     "0.01 connect returns=EHOSTUNREACH < " + spent + "\n";
  CHECK(verdict_of(lines, family) == "intermittent: unknown 1..? weak: routing-loop");
}

TEST_CASE("Flows that do not go round meet a closed port: both are told") {
  const auto family = each_family();
  const auto lines = "0 syn target < " + spent + "\n" + walk_round() + closed_control(4) +
                     "0.2 syn target lane=1 < rst-ack ttl=61 marked\n";
  CHECK(verdict_of(lines, family) ==
        "intermittent: between 2..3 strong: routing-loop / closed-port");
}

TEST_CASE("Plan: a loop on the first flow, others get through: it is not always so") {
  const auto family = each_family();
  const auto planned = plan(some_ways, family);
  REQUIRE(planned.done);
  CHECK(planned.seconds < 1.5);
  CHECK(verdict_of(planned, family) == "intermittent: between 2..3 strong: routing-loop");
}
