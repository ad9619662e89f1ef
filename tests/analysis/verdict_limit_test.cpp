// Where a limit on new connections stands. Chain: client, r1, r2, r3, host at hop 4.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// Ten SYNs on flows of their own, two of them answered; the control port answers each of its ten.
std::string limited() {
  std::string lines =
      "0 syn target < syn-ack ttl=61\n" + closed_control(4) +
      "0.05 connect returns=0 took=2.1 syns=3 says=SSH-2.0-x < syn-ack ttl=61 only=3\n";
  for (int lane = 1; lane <= 3; ++lane) lines += fmt::format("0.3 syn target lane={} x3\n", lane);
  for (int lane = 1; lane <= 9; ++lane)
    lines += fmt::format("0.3 syn control lane={} < rst-ack ttl=61 marked\n", lane);
  return lines + "fact ends=6\n";
}

/// Three more SYNs that die at this router.
std::string at_the_border(int hop) {
  std::string lines;
  for (int lane = 1; lane <= 3; ++lane)
    lines +=
        fmt::format("0.4 syn target lane={} @{} < te from=r{} ttl={}\n", lane, hop, hop, 65 - hop);
  return lines;
}

}  // namespace

TEST_CASE("A limit stands where the walk's SYNs begin to go missing, not at the host") {
  const auto family = each_family();
  const auto lines = limited() + passes("target", 1, 2) +
                     "0.3 syn target @3 x3\n0.3 syn target @4 x3\n" + at_the_border(2);
  CHECK(verdict_of(lines, family) == "intermittent: between 2..4 strong: rate-limit");
}

TEST_CASE(
    "Every router answers the walk, only the host's answers are few: the limit is at the host") {
  const auto family = each_family();
  const auto lines =
      limited() + passes("target", 1, 3) + "0.3 syn target @4 x3\n" + at_the_border(3);
  CHECK(verdict_of(lines, family) == "intermittent: between 3..4 strong: rate-limit");
}

TEST_CASE("A walk asked only once may have been lucky: the limit may stand nearer") {
  const auto family = each_family();
  const auto lines = limited() + passes("target", 1, 3) + "0.3 syn target @4 x3\n";
  CHECK(verdict_of(lines, family) == "intermittent: between 2..4 strong: rate-limit");
}

TEST_CASE(
    "SYNs that die at a hop are lost there as those that go farther: the limit may be before it") {
  const auto family = each_family();
  // The other port's SYN got no message from there either: so it is no border by itself.
  auto lines = limited() + passes("target", 1, 3) + "0.3 syn target @4 x3\n" + at_the_border(2) +
               at_the_border(3) + "0.4 syn control lane=1 @3\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("intermittent: between 3..4 "));
  for (int lane = 4; lane <= 9; ++lane)
    lines += fmt::format("0.3 syn target lane={} @3 x2\n", lane);
  CHECK_THAT(verdict_of(lines, family), begins_with("intermittent: between 2..4 "));
}

TEST_CASE("What a limit drops is not called loss on the path") {
  const auto lines =
      limited() + passes("target", 1, 3) + "0.3 syn target @4 x3\n" + at_the_border(3);
  CHECK_THAT(caveats_of(lines), !mentions("path-loss"));
}

TEST_CASE("No answer but an ACK of the host for one of our SYNs: its SYN/ACK was lost") {
  // Found in the lab: a router on the way back drops what belongs to no connection that it knows.
  const auto family = each_family();
  const auto lines = "0 syn target x3 < segment ttl=61 only=1\n" + passes("target", 1, 3) +
                     "0.3 syn target @4 x3\nfact ends=6\n" + closed_control(4) +
                     "0.5 ack target x3\n0.5 ack control x3\n0.5 fin target x3\n";
  CHECK_THAT(verdict_of(lines, family),
             begins_with("dropped: between 1..4 weak: answer-lost / filter-drop 3..4"));
}

TEST_CASE(
    "An ACK of the host for one of our SYNs: it arrived, the SYN/ACK was lost on the way back") {
  const auto family = each_family();
  const auto lines = "0 syn target x3 < segment ttl=61 only=1\n" + passes("target", 1, 3) +
                     "0.3 syn target @4 x3\nfact ends=6\n" + closed_control(4) +
                     "0.5 ack target < rst ttl=61\n0.5 fin target x3\n0.4 bad-syn target x2\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 3..4 weak: syn-filter accept-queue-full 4..4 / answer-lost 1..4");
  const auto lost = analyse(run_of(lines, family)).verdict.explanations.back();
  REQUIRE(lost.because.size() == 2);
  CHECK_THAT(lost.because[1].text.str(), mentions("counts one of these SYNs as received"));
  CHECK_THAT(caveats_of(lines), !mentions("path-loss"));
}

TEST_CASE(
    "Only the SYN of connect() passes, between probes that do not: a rule looks at what differs") {
  const auto family = each_family();
  std::string lines = "0 syn target x3\n" + passes("target", 1, 3) + closed_control(4) +
                      "0.05 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  for (int lane = 1; lane <= 3; ++lane) {
    lines += fmt::format("0.3 syn target lane={} x3\n", lane);
    lines += fmt::format("0.3 syn control lane={} x3 < rst-ack ttl=61 marked\n", lane);
  }
  lines += at_the_border(3) + "fact ends=6\n";
  CHECK(verdict_of(lines, family) == "intermittent: between 3..4 weak: filter-drop / rate-limit");
}

namespace {

/// The first two were answered, and nothing since, on no port.
std::string banned() {
  std::string lines =
      "0 syn target < syn-ack ttl=61\n0 syn control < rst-ack ttl=61 marked\n"
      "0.05 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n"
      "0.1 syn target @4\n0.1 syn control @4\n";
  for (int hop = 1; hop <= 3; ++hop)
    lines += fmt::format("0.02 syn target @{0} < te from=r{0} ttl={1}\n", hop, 65 - hop);
  for (int lane = 1; lane <= 3; ++lane)
    for (const auto* aim : {"target", "control"})
      lines += fmt::format("0.3 syn {} lane={} x3\n", aim, lane);
  return lines + "fact ends=6\n";
}

}  // namespace

TEST_CASE("A ban: SYNs still reach the last router, or nobody asked") {
  const auto family = each_family();
  CHECK(verdict_of(banned(), family) == "intermittent: between 1..4 strong: probe-ban");
  CHECK(verdict_of(banned() + "0.2 syn control @3 < te from=r3 ttl=62\n", family) ==
        "intermittent: destination 3..4 strong: probe-ban");
}

TEST_CASE("A ban on the way: SYNs no longer reach the routers behind it") {
  const auto family = each_family();
  const auto lines = banned() +
                     "0.2 syn control @1 < te from=r1 ttl=64\n"
                     "0.2 syn control @2 < te from=r2 ttl=63\n0.2 syn control @3\n";
  CHECK(verdict_of(lines, family) == "intermittent: between 2..4 strong: probe-ban");
}

TEST_CASE("Old flows get on, new ones do not: no room for more connections, or a ban") {
  const auto family = each_family();
  const auto lines = banned() +
                     "0.05 syn target lane=40 @3 < te from=r3 ttl=62\n"
                     "2 syn target lane=40 @2 < te from=r2 ttl=63\n"
                     "2 syn target lane=41 @1\n";
  CHECK(verdict_of(lines, family) == "intermittent: between 1..4 strong: probe-ban rate-limit");
}

TEST_CASE("Every second SYN gets through, however close they follow: no limit alone explains it") {
  const auto family = each_family();
  std::string lines = "0 syn target < syn-ack ttl=61\n" + closed_control(4) +
                      passes("target", 1, 3) + "0.3 syn target @4 x3\n";
  for (int i = 1; i <= 24; ++i)
    lines +=
        fmt::format("0.{:03} syn target lane={}{}\n", i, i, i % 2 == 1 ? "" : " < syn-ack ttl=61");
  for (int lane = 1; lane <= 20; ++lane)
    lines += fmt::format("0.3 syn control lane={} < rst-ack ttl=61 marked\n", lane);
  const auto verdict = verdict_of(lines + "fact ends=6\n", family);
  CHECK_THAT(verdict, begins_with("intermittent: "));
  CHECK_THAT(verdict, mentions("filter-drop"));
  CHECK_THAT(verdict, mentions("rate-limit"));
}

TEST_CASE("A limit before a port that is closed: whoever gets through is refused") {
  const auto family = each_family();
  auto lines = limited() + passes("target", 1, 3) + "0.3 syn target @4 x3\n" + at_the_border(3);
  for (const std::string accepted = "syn-ack ttl=61"; lines.find(accepted) != std::string::npos;)
    lines.replace(lines.find(accepted), accepted.size(), "rst-ack ttl=61");
  const std::string says = "returns=0 took=2.1 syns=3 says=SSH-2.0-x";
  lines.replace(lines.find(says), says.size(), "returns=ECONNREFUSED took=2.1 syns=3");
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(verdict.outcome == Outcome::intermittent);
  const auto beside = std::ranges::find(verdict.explanations, true, &Explanation::beside);
  REQUIRE(beside != verdict.explanations.end());
  CHECK(beside->where.kind == CulpritKind::destination);
  for (const auto& evidence : beside->because) CHECK_FALSE(evidence.packets.empty());
}

namespace {

/// Silence on all flows, a walk with it, and from one moment on an answer to each SYN.
std::string silent_until_a_second(int answered) {
  std::string lines = "0 syn target\n" + passes("target", 1, 2) +
                      "0.2 syn target @3 x3 every=0.01\n" + closed_control(4);
  for (int lane = 1; lane <= 8; ++lane) lines += fmt::format("0.25 syn target lane={}\n", lane);
  lines += "0.01 connect syns=2 returns=0 says=SSH-2.0-x < syn-ack ttl=61 only=2\n";
  for (int lane = 1; lane < answered; ++lane)
    lines += fmt::format("{} syn target lane={} < syn-ack ttl=61\n", 1.1 + 0.1 * lane, lane);
  for (int lane = 1; lane <= 9; ++lane)
    lines += fmt::format("0.3 syn control lane={} < rst-ack ttl=61 marked\n", lane);
  return lines + "fact ends=6\n";
}

}  // namespace

TEST_CASE("Silence, and answers to all from one moment on: a fault that ended, hardly a limit") {
  const auto family = each_family();
  const auto verdict = analyse(run_of(silent_until_a_second(4), family)).verdict;
  CHECK(in_one_line(verdict) ==
        "intermittent: between 2..4 weak: filter-drop syn-filter / answer-lost 1..4 rate-limit "
        "1..4");
  CHECK_THAT(verdict.explanations.at(0).because.at(0).text.str(),
             begins_with("The first 10 SYNs to port 22 got no answer, for "));
}

TEST_CASE("One answer after silence may be a limit's, used up by others, or a fault that ended") {
  const auto verdict = verdict_of(silent_until_a_second(1), each_family());
  CHECK_THAT(verdict, begins_with("intermittent: "));
  CHECK_THAT(verdict, mentions("weak: filter-drop.* rate-limit.* / answer-lost"));
}

TEST_CASE("Silence, an answer, silence: a rule that comes and goes fits as well as a limit") {
  const auto family = each_family();
  std::string lines = "0 syn target x2 every=0.5\n" + passes("target", 1, 2) + closed_control(4) +
                      "0.01 connect returns=0 took=1.1 syns=2 says=SSH-2.0-x < syn-ack ttl=61 "
                      "only=2\n";
  for (int lane = 1; lane <= 9; ++lane)
    lines += fmt::format(
        "2.3 syn target lane={0} x2\n2.3 syn control lane={0} < rst-ack ttl=61 marked\n", lane);
  const auto verdict = analyse(run_of(lines + "fact ends=8\n", family)).verdict;
  CHECK(verdict.outcome == Outcome::intermittent);
  CHECK(lists(verdict.explanations, Mechanism::filter_drop));
  CHECK(verdict.culprit.confidence == Confidence::weak);
}

TEST_CASE("Not all were answered before the answers stopped: the sentence counts those that were") {
  const auto family = each_family();
  const auto lines = "0 syn target x3 every=0.2\n0.8 syn target lane=1 < syn-ack ttl=61\n" +
                     passes("target", 1, 3) + closed_control(4) +
                     "0.9 syn target lane=2 < syn-ack ttl=61\n1 syn target lane=3 x9\n"
                     "1 syn target lane=4 x9\n"
                     "1 syn control lane=1 x9 every=0.5 < rst-ack ttl=61 marked\nfact ends=12\n";
  const auto verdict = analyse(run_of(lines, family)).verdict;
  REQUIRE(verdict.explanations.front().mechanism == Mechanism::probe_ban);
  CHECK_THAT(verdict.explanations.front().because.at(1).text.str(),
             begins_with("2 of the first 5 were answered"));
  CHECK(lists(verdict.explanations, Mechanism::filter_drop));
}

TEST_CASE("SYNs go unanswered as no limit has it: the queue of the listener may be full at times") {
  const auto family = each_family();
  std::string lines = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 3) +
                      closed_control(4) + "0.01 connect syns=4\n";
  // Two pass at once and then none for seconds, one passes right after another that did not.
  const std::string fates = "ssaassssasssaassssss";
  for (std::size_t i = 0; i < fates.size(); ++i)
    lines += fmt::format(
        "{} syn target lane={}{}\n{} syn control lane={} < rst-ack ttl=61 marked\n",
        1 + 0.1 * static_cast<double>(i), i + 1, fates[i] == 'a' ? " < syn-ack ttl=61" : "",
        1 + 0.1 * static_cast<double>(i), i + 1);
  const auto verdict = analyse(run_of(lines + "fact ends=9\n", family)).verdict;
  CHECK(verdict.outcome == Outcome::intermittent);
  CHECK(lists(verdict.explanations, Mechanism::accept_queue_full));
}
