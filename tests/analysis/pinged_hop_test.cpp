// A router drops all TCP and passes pings: the silence of the next router is no silence of its own.
// Chain: client, r1, r2, ..., host at hop 8.

#include <fmt/format.h>

#include "tests/analysis/planned_world.hpp"
#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string all_silent =
    "0 syn target x3\n0 syn control x3\n" + passes("target", 1, 1) + passes("control", 1, 1) +
    "0.1 syn target @2 x3\n0.1 syn control @2 x3\n0.1 syn target @3 x3\n0.4 bad-syn target x2\n"
    "0.5 ack target x3\n0.5 fin target x3\n0.4 echo < echo-reply ttl=57\nfact ends=6\n";

/// r1 drops all TCP that it is to forward.
std::string tcp_ends_at_r1(const Question& question) {
  if (!is_tcp(question)) return along(question, 8, "echo-reply ttl=57");
  return question.hop_limit.value == 1 ? "te from=r1 ttl=64" : "";
}

std::string r2_is_mute(const Question& question) {
  return question.hop_limit.value == 2 ? "" : tcp_ends_at_r1(question);
}

}  // namespace

TEST_CASE("A ping that dies at the next router is told of, SYNs are not: they do not get there") {
  const auto family = each_family();
  CHECK(verdict_of(all_silent, family) ==
        "dropped: between 1..8 strong: filter-drop / answer-lost");
  const auto lines = all_silent + "0.6 echo @2 < te from=r2 ttl=63\n";
  CHECK(verdict_of(lines, family) == "dropped: between 1..2 strong: filter-drop");
  const auto found = analyse(run_of(lines, family)).verdict.explanations.front();
  CHECK_THAT(found.because.back().text.str(), mentions("they do not get there"));
}

TEST_CASE("One SYN in vain proves nothing beside one ping") {
  const auto lines = "0 syn target x3\n0 syn control x3\n" + passes("target", 1, 1) +
                     passes("control", 1, 1) +
                     "0.1 syn target @2\n0.4 echo x3 < echo-reply ttl=57 only=2\n"
                     "0.6 echo @2 < te from=r2 ttl=63\nfact ends=6\n";
  CHECK_THAT(verdict_of(lines), begins_with("dropped: between 1..8"));
}

TEST_CASE("A ping to a mute router is no question to the host that got lost") {
  const auto lines = all_silent + "0.6 echo @2 x2\n";
  CHECK(verdict_of(lines) == verdict_of(all_silent));
}

TEST_CASE("Plan: pings show whether the router behind the last that passes SYNs speaks") {
  const auto family = each_family();
  const auto planned = plan(tcp_ends_at_r1, family);
  REQUIRE(planned.done);
  CHECK(planned.count("echo @2") == 1);
  CHECK(planned.first("echo") < planned.first("echo @2"));
  CHECK_THAT(verdict_of(planned, family), begins_with("dropped: between 1..2 strong: filter-drop"));
  const auto mute = plan(r2_is_mute, family);
  REQUIRE(mute.done);
  CHECK(mute.count("echo @2") == 2);
  CHECK_THAT(verdict_of(mute, family), begins_with("dropped: between 1..8 strong: filter-drop"));
}

TEST_CASE("Plan: no router is pinged where the comparison port answers, or nothing does") {
  CHECK(plan(dropping_host).count("echo @5") + plan(dropping_host).count("echo @4") == 0);
  CHECK(plan(nothing).count("echo @1") == 0);
}
