// The first SYN of every flow is dropped at the host (hop 4), its repetition answered.

#include <fmt/format.h>

#include <set>

#include "analysis/path/first_tries.hpp"
#include "tests/analysis/planned_world.hpp"
#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string connected_late =
    "0.02 connect returns=0 took=1.0 syns=2 says=SSH-2.0-x < syn-ack ttl=61 only=2\n";

/// Flows asked in one burst and again later, all of them answered then.
std::string asked_again(const std::string& later) {
  std::string lines = "0 syn target\n" + passes("target", 1, 3) + closed_control(4) +
                      "0.25 syn target @4 < syn-ack ttl=61\n" + connected_late;
  for (int lane = 1; lane <= 8; ++lane)
    lines += fmt::format(
        "0.3 syn target lane={0}\n{1} syn target lane={0} < syn-ack ttl=61\n"
        "0.3 syn control lane={0} x3 < rst-ack ttl=61 marked\n",
        lane, 1.5 + 0.1 * lane);
  return lines + later + "fact ends=6\n";
}

}  // namespace

TEST_CASE("The first SYN of every flow is dropped, beside repetitions that pass: open, but late") {
  const auto family = each_family();
  std::string fresh;
  for (int lane = 60; lane <= 62; ++lane)
    fresh += fmt::format("{0} syn target lane={1}\n{2} syn target lane={1} < syn-ack ttl=61\n",
                         1.85 + 0.1 * (lane - 60), lane, 3.5 + 0.1 * (lane - 60));
  const auto verdict = analyse(run_of(asked_again(fresh), family)).verdict;
  CHECK_THAT(in_one_line(verdict), begins_with("open: none strong: listening / syn-filter "));
  CHECK_THAT(verdict.explanations.front().because.back().text.str(),
             mentions("On none of 13 flows .* a second longer"));
  CHECK_THAT(caveats_of(verdict), !mentions("path-loss"));
}

TEST_CASE("... where a limit explains the repetitions as well, that is listed too") {
  const auto verdict = verdict_of(asked_again(""), each_family());
  CHECK_THAT(verdict, begins_with("intermittent: "));
  CHECK_THAT(verdict, mentions("weak: rate-limit.* syn-filter"));
}

TEST_CASE("The SYN that connect() repeats is the first to pass, and all pass after it") {
  // A device that wants the very same SYN again, and knows its sender from then on.
  const auto lines = [](const std::string& call) {
    std::string made = "0 syn target\n" + call + passes("target", 1, 3) + closed_control(4);
    for (int lane = 1; lane <= 8; ++lane) made += fmt::format("0.25 syn target lane={}\n", lane);
    for (int lane = 1; lane <= 4; ++lane)
      made += fmt::format(
          "{1} syn target lane={0} < syn-ack ttl=61\n"
          "0.3 syn control lane={0} x3 < rst-ack ttl=61 marked\n",
          lane, 1.5 + 0.1 * lane);
    return made + "fact ends=6\n";
  };
  const auto family = each_family();
  const auto repeated = verdict_of(lines(connected_late), family);
  CHECK_THAT(repeated, begins_with("intermittent: "));
  CHECK_THAT(repeated, mentions(" weak: [^/]*syn-filter"));
  // Whoever drops SYNs alone is listed once, and how to tell.
  const auto other_segments =
      analyse(run_of(lines(connected_late) + "0.4 ack target < rst ttl=61 marked\n", family));
  const auto& dropper = other_segments.verdict.explanations.front();
  CHECK(dropper.mechanism == Mechanism::syn_filter);
  CHECK_THAT(dropper.settled_by.str(), mentions("counters .* Or after .* connect twice"));
  // It was answered at once: not for being the same.
  const auto first =
      verdict_of(lines("1.1 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n"), family);
  CHECK_THAT(first, begins_with("intermittent: "));
  CHECK_THAT(first, !mentions("syn-filter"));
}

TEST_CASE("Not only first SYNs are lost: that is something else") {
  const auto flows = [](std::string_view fates) {
    std::vector<PortFlow> made;
    TimePoint at{};
    for (std::size_t i = 0; i + 1 < fates.size(); i += 2) {
      auto& flow = made.emplace_back();
      for (const char fate : fates.substr(i, 2)) {
        at += std::chrono::milliseconds(100);
        flow.tries.push_back({at, fate == 'a' ? SynFate::accepted : SynFate::silent, nullptr});
      }
    }
    return made;
  };
  CHECK(is_first_lost(flows("sasasasa")));
  CHECK_FALSE(is_first_lost(flows("sasasa")));
  CHECK_FALSE(is_first_lost(flows("sasasasaas")));
  CHECK_FALSE(is_first_lost(flows("sasasasass")));
  CHECK(may_lose_first(flows("sasasass")));  // where answers get lost besides
  CHECK_FALSE(may_lose_first(flows("sasasasaas")));
  CHECK_FALSE(may_lose_first(flows("sasassss")));
}

TEST_CASE("... and where repetitions get lost besides, no ban is strong without it") {
  std::string lines = "0 syn target\n" + passes("target", 1, 3) + closed_control(4) +
                      "1.2 syn target < syn-ack ttl=61\n" + connected_late;
  for (int lane = 1; lane <= 3; ++lane)
    lines += fmt::format(
        "0.3 syn target lane={0}\n{1} syn target lane={0} < syn-ack ttl=61\n"
        "0.3 syn control lane={0} x3 < rst-ack ttl=61 marked\n",
        lane, 1.5 + 0.1 * lane);
  for (int lane = 4; lane <= 27; ++lane)
    lines += fmt::format("{1} syn target lane={0} x2 every=1\n", lane, 1.45 + 0.05 * lane);
  CHECK_THAT(verdict_of(lines + "fact ends=7\n", each_family()),
             mentions("^intermittent: .* weak: .*syn-filter"));
}

TEST_CASE("Plan: where first SYNs seem to be dropped, new flows tell it from a limit") {
  std::set<unsigned> known;
  const auto world = [&](const Question& question) -> std::string {
    if (question.kind != ProbeKind::syn || question.aim != Aim::target)
      return closed_host(question);
    const bool arrives = question.hop_limit.value >= 4;
    if (arrives && known.insert(question.lane).second) return "";
    return along(question, 4, "syn-ack ttl=61");
  };
  const auto family = each_family();
  const auto planned = plan(world, family, connected_late);
  REQUIRE(planned.done);
  CHECK_THAT(verdict_of(planned, family), begins_with("open: none strong: listening / syn-filter"));
}
