// What bounds the planner: it ends, whatever is answered, and sends no more than it may.

#include <fmt/format.h>

#include "tests/analysis/planned_world.hpp"
#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// The first probe after so long a pause; asked.size() without one.
std::size_t after_pause(const Planned& planned, double pause) {
  for (std::size_t i = 1; i < planned.at.size(); ++i)
    if (planned.at[i] - planned.at[i - 1] >= pause) return i;
  return planned.asked.size();
}

std::string mute_behind_r1(const Question& question) { return along(question, 1, ""); }

}  // namespace

TEST_CASE("Plan: with nothing answering at all it still ends") {
  const auto family = each_family();
  const auto planned = plan(nothing, family);
  CHECK(planned.done);
  CHECK(planned.seconds < 12);
  CHECK(planned.asked.size() < 150);
  CHECK(verdict_of(planned, family).starts_with("dropped: "));
}

TEST_CASE("Plan: who may have spent an allowance of IPv4 route errors is given two seconds' rest") {
  const auto rested = plan(mute_behind_r1, Family::ipv4, "0.001 connect syns=2");
  CHECK(rested.done);
  CHECK(rested.seconds <= 4.5);
  const auto after = after_pause(rested, 2.05);
  REQUIRE(after + 1 < rested.asked.size());
  // Of one message the routing layer alone is asked first; what it leaves is the port's.
  CHECK(rested.asked[after] == "bad-syn target");
  CHECK(rested.asked[after + 1] == "syn target");
  CHECK(rested.count("syn target") == 3);
  const auto run = run_of(rested.trace, Family::ipv4);
  REQUIRE(run.connect->hung_up);
  CHECK(seconds(*run.connect->hung_up - run.started) < rested.at[after] - 2.05);
  // The messages of IPv6 draw once, and ten times a second.
  const auto v6 = plan(mute_behind_r1, Family::ipv6, "0.001 connect syns=2");
  CHECK(after_pause(v6, 2.05) == v6.asked.size());
  CHECK_FALSE(run_of(v6.trace, Family::ipv6).connect->hung_up);
}

TEST_CASE(
    "Plan: a router that says nothing where the port ends, amid others that do, is rested for") {
  // r2 forbids the port by a route of its own, and has just told somebody else.
  const auto mute_r2 = [](const Question& question) -> std::string {
    if (question.hop_limit.value == 2) return "";
    return to_target(question) && is_tcp(question) ? along(question, 2, "") : closed_host(question);
  };
  const auto rested = plan(mute_r2, Family::ipv4, "0.001 connect syns=2");
  CHECK(rested.done);
  CHECK(rested.seconds <= 4.5);
  const auto after = after_pause(rested, 2.05);
  REQUIRE(after < rested.asked.size());
  CHECK(rested.asked[after] == "bad-syn target");
  CHECK_THAT(verdict_of(rested, Family::ipv4),
             begins_with("dropped: between 1..3 strong: filter-drop"));
  // It speaks again: the first after the rest is told.
  int asked = 0;
  const auto told_after_rest = [&](const Question& question) -> std::string {
    if (question.kind != ProbeKind::syn_bad_checksum || !to_target(question))
      return mute_r2(question);
    return ++asked == 3 ? "icmp=admin from=r2 ttl=63 q=63" : "";
  };
  CHECK_THAT(verdict_of(plan(told_after_rest, Family::ipv4, "0.001 connect syns=2"), Family::ipv4),
             begins_with("rejected: router 2..2 "));
}

TEST_CASE("Plan: where anything of the host answers, or its router speaks, nobody rests") {
  for (const auto& world : {World(dropping_host), World(rejecting_r2)}) {
    const auto planned = plan(world, Family::ipv4, "0.001 connect syns=2");
    CHECK(after_pause(planned, 1.5) == planned.asked.size());
    CHECK_FALSE(run_of(planned.trace, Family::ipv4).connect->hung_up);
  }
}

TEST_CASE("Plan: no route: nothing is sent") {
  const auto planned = plan(nothing, Family::ipv4, "fact route-error=ENETUNREACH");
  CHECK(planned.done);
  CHECK(planned.asked.empty());
}

TEST_CASE("Plan: this machine's own address is not walked") {
  const auto local = [](const Question& question) -> std::string {
    return question.kind == ProbeKind::echo ? "echo-reply ttl=64" : "rst-ack ttl=64 marked";
  };
  const auto planned = plan(local, each_family(), "fact local-target on-link");
  REQUIRE(planned.done);
  for (const auto& question : planned.asked) CHECK(question.find('@') == std::string::npos);
}

TEST_CASE("Plan: a loop is walked until a router is met again") {
  const auto loop = [](const Question& question) {
    const int hops = question.hop_limit.value;
    const int router = hops < 2 ? 1 : 2 + hops % 2;
    return fmt::format("te from=r{} ttl={}", router, 65 - router);
  };
  const auto planned = plan(loop);
  REQUIRE(planned.done);
  CHECK_THAT(verdict_of(planned, Family::ipv4),
             begins_with("unreachable: between 2..3 strong: routing-loop"));
}

TEST_CASE("Plan: it ends, whatever single kind of probe is answered, at any length") {
  const auto family = each_family();
  const auto kind = GENERATE(ProbeKind::syn, ProbeKind::ack, ProbeKind::fin,
                             ProbeKind::syn_bad_checksum, ProbeKind::echo);
  const int distance = GENERATE(1, 7, 29);
  const auto planned = plan(
      [&](const Question& question) -> std::string {
        if (question.kind != kind) return "";
        if (question.hop_limit.value < distance)
          return fmt::format("te from=r{} ttl=40", question.hop_limit.value);
        return kind == ProbeKind::echo  ? "echo-reply ttl=40"
               : kind == ProbeKind::ack ? "rst ttl=40"
                                        : "rst-ack ttl=40";
      },
      family);
  CHECK(planned.done);
  CHECK(planned.seconds < 15);
  CHECK(planned.asked.size() < 200);
}

TEST_CASE("Plan: no probe leaves with a hop limit of 0 or beyond the user's limit") {
  for (const auto& world :
       std::vector<World>{closed_host, rejecting_r2, dropping_host, nothing,
                          [](const Question& q) { return along(q, 60, "rst-ack ttl=5"); }}) {
    for (const auto& question : plan(world).asked) {
      const auto at = question.find('@');
      if (at == std::string::npos) continue;
      const int hops = std::stoi(question.substr(at + 1));
      CHECK(hops >= 1);
      CHECK(hops <= 30);
    }
  }
}

TEST_CASE("Plan: about a hundred packets, and never a flood") {
  for (const auto& world : std::vector<World>{closed_host, resetting_r2, rejecting_r2,
                                              dropping_host, open_host, nothing}) {
    const auto planned = plan(world);
    CHECK(planned.asked.size() <= 120);
    for (std::size_t i = 0; i < planned.asked.size(); ++i) {
      std::size_t at_once = 0;
      for (std::size_t j = i; j < planned.asked.size() && planned.at[j] < planned.at[i] + 0.1; ++j)
        ++at_once;
      CHECK(at_once <= 46);
    }
  }
}

TEST_CASE("Plan: ten silent routers in a row do not end the walk when the far end answers") {
  const auto family = each_family();
  const auto world = [](const Question& question) -> std::string {
    if (question.kind == ProbeKind::echo) return "echo-reply ttl=50";
    if (question.hop_limit.value >= 15) return "rst-ack ttl=50 marked";
    return question.hop_limit.value < 3 ? along(question, 15, "") : "";
  };
  const auto planned = plan(world, family);
  REQUIRE(planned.done);
  CHECK_THAT(verdict_of(planned, family), begins_with("refused: destination 15..15 "));
}

TEST_CASE(
    "Plan: where the port has fallen silent for good nothing is waited for as if it were loss") {
  const auto family = each_family();
  unsigned arrived = 0;
  const auto planned = plan(
      [&](const Question& question) {
        const bool shut = is_tcp(question) && to_target(question) &&
                          question.hop_limit.value >= 4 && ++arrived > 2;
        return shut ? std::string() : open_host(question);
      },
      family, "0.001 connect returns=0 < syn-ack ttl=61\n");
  CHECK_THAT(verdict_of(planned, family), mentions("probe-ban"));
  CHECK(planned.done);
  CHECK(planned.seconds < 10);
}
