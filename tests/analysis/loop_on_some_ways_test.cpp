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

std::string to_another_port() {
  return "0 syn control < " + spent +
         "\n0.1 syn control @1 < te from=r1 ttl=64\n0.1 syn control @2 < te from=r2 ttl=63\n"
         "0.1 syn control @3 < te from=r3b ttl=62\n0.1 syn control @4 < te from=r2 ttl=63\n"
         "0.2 syn control lane=1 < rst-ack ttl=61 marked\n";
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

TEST_CASE("The port's flows had luck: those to another port, the same address, go round at times") {
  const auto family = each_family();
  const std::string accepted = "0 syn target < syn-ack ttl=61\n";
  CHECK(verdict_of(accepted + to_another_port(), family) ==
        "intermittent: between 2..3 weak: routing-loop");
  const std::string refused = "0 syn target < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(refused + to_another_port(), family), begins_with("refused: "));
  const std::string always = "0.2 syn control lane=1 < " + spent + "\n0 syn control < " + spent;
  CHECK_THAT(verdict_of(accepted + always + "\n", family), begins_with("open: "));
}

TEST_CASE("Plan: SYNs to another port go round at times: more flows to the port, and its walk") {
  const auto family = each_family();
  const auto lucky = [](const Question& question) {
    auto met = question;
    if (to_target(question) && question.lane < 3) met.lane = 1;
    if (question.aim == Aim::control) met.aim = Aim::target;
    auto answer = some_ways(met);
    if (const auto at = answer.find("syn-ack"); at == 0 && question.aim == Aim::control)
      return std::string("rst-ack ttl=61 marked");
    return answer;
  };
  const auto planned = plan(lucky, family);
  REQUIRE(planned.done);
  CHECK(planned.count("syn target lane=7") == 1);
  CHECK(verdict_of(planned, family) == "intermittent: between 2..3 strong: routing-loop");
}

TEST_CASE("Plan: a missing route on the way of the first flow: others are asked, too") {
  const auto family = each_family();
  const auto missing = [](const Question& question) -> std::string {
    if (!is_tcp(question) || question.lane % 2 == 1) return open_host(question);
    if (question.hop_limit.value <= 2) return along(question, 3, "");
    return "icmp=net from=r3b ttl=62 q=" + std::to_string(question.hop_limit.value - 2);
  };
  const auto planned = plan(missing, family);
  REQUIRE(planned.done);
  CHECK_THAT(verdict_of(planned, family), begins_with("intermittent: router 3..3 strong: "));
  CHECK_THAT(verdict_of(planned, family), mentions("no-route"));
}
