// Found in the lab: a rule at r2 that looks at the hop limit meets what applications send and lets
// the probes of a walk pass, so that those reach the host. Chain: client, r1..r4, host at hop 5.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// SYNs of full length before and after the walk, which the host answers at hop 5.
std::string walked(const std::string& many, const std::string& by_host) {
  return "0 syn target" + many + "\n" + passes("target", 1, 4) + "0.2 syn target @5 < " + by_host +
         "\n0.6 syn target" + many + "\n" + closed_control(5);
}

}  // namespace

TEST_CASE("A RST meets SYNs with many hops alone: it is placed by its own way back") {
  const auto family = each_family();
  const std::string expected = "refused: router 2..2 strong: middlebox-reset";
  CHECK(verdict_of(walked(" < rst-ack ttl=63", "rst-ack ttl=60 marked"), family) == expected);
  CHECK(verdict_of(walked(" < rst-ack ttl=63", "syn-ack ttl=60"), family) == expected);
}

TEST_CASE("A message meets SYNs with many hops alone: its sender decides, not the closed port") {
  const auto family = each_family();
  CHECK(verdict_of(walked(" < icmp=admin from=r2 ttl=63 q=62", "rst-ack ttl=60 marked"), family) ==
        "rejected: router 2..2 strong: icmp-reject-router");
}

TEST_CASE("All with many hops went before the others: a rule may have been lifted meanwhile") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=r2 ttl=63 q=62\n0.1 syn target < icmp=admin "
      "from=r2 ttl=63 q=62\n" +
      passes("target", 1, 4) + "0.2 syn target @5 < rst-ack ttl=60 marked\n" + closed_control(5);
  CHECK(verdict_of(lines, family) == "rejected: router 2..2 weak: icmp-reject-router");
}

TEST_CASE("SYNs with many hops vanish, those with few do not: a rule, and no limit by time") {
  const auto family = each_family();
  const auto lines = walked("", "syn-ack ttl=60") + "0.7 syn target x6 every=0.2\n" +
                     "0.75 syn target @6 x6 every=0.2 < syn-ack ttl=60\n";
  CHECK(verdict_of(lines, family) == "dropped: between 1..5 strong: filter-drop");
}

TEST_CASE("Of those with few hops some are stopped as well: no rule looks at the hop limit") {
  const auto family = each_family();
  const std::string stopped = " < rst-ack ttl=63\n";
  // Every second one is answered by another machine, and they fall so by chance.
  const auto lines = "0 syn target" + stopped + passes("target", 1, 2) +
                     "0.2 syn target @5 < syn-ack ttl=60\n0.21 syn target @4" + stopped +
                     "0.22 syn target @3" + stopped + "0.6 syn target" + stopped +
                     closed_control(5);
  const auto verdict = analyse(run_of(lines, family)).verdict;
  INFO(in_one_line(verdict));
  CHECK(verdict.outcome == Outcome::intermittent);
  for (const auto& explanation : verdict.explanations)
    for (const auto& evidence : explanation.because)
      CHECK(evidence.text.str().find("looks at the") == std::string::npos);
}

TEST_CASE("The host itself refuses with many hops as with few: nothing looks at the hop limit") {
  const auto family = each_family();
  const std::string closed = "rst-ack ttl=60 marked";
  CHECK(verdict_of(walked(" < " + closed, closed), family) ==
        "refused: destination 5..5 strong: closed-port");
}

namespace {

const std::string accepted = " < syn-ack ttl=60\n", by_r3 = " < rst-ack ttl=62\n";

/// A program and our own SYNs of full length get through; what has few hops left at r3 does not.
std::string few_turned_away(const std::string& answer) {
  std::string lines = "0 syn target" + accepted + "0.001 connect returns=0 says=SSH-2.0-x ttl=60" +
                      accepted + passes("target", 1, 3);
  for (int hops = 4; hops < 9; ++hops) lines += "0.21 syn target @" + std::to_string(hops) + answer;
  return lines;
}

}  // namespace

TEST_CASE("A rule meets SYNs with few hops left alone, which no program sends: open") {
  const auto family = each_family();
  const auto answer =
      GENERATE(as<std::string>{}, " < rst-ack ttl=62\n", " < icmp=admin from=r3 ttl=62 q=1\n");
  const auto lines = few_turned_away(answer) + "0.3 syn target lane=1" + accepted +
                     "0.35 syn target lane=1 @4" + answer + "0.6 syn target lane=2" + accepted +
                     closed_control(5);
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) == "open: none strong: listening");
  CHECK(caveats_of(verdict) == "by-form");
  CHECK_THAT(verdict.explanations.at(0).because.back().text.str(), mentions("hop 3 "));
  CHECK(verdict.probes_fare_otherwise);
}

TEST_CASE("All with few hops left went after the others: a limit may have been used up") {
  const auto family = each_family();
  CHECK_THAT(verdict_of(few_turned_away(by_r3) + closed_control(5), family),
             !begins_with("open: "));
}

TEST_CASE("One of full length is turned away as well: nothing looks at the hop limit") {
  const auto family = each_family();
  const auto lines = few_turned_away(by_r3) + "0.3 syn target lane=1" + accepted +
                     "0.35 syn target lane=1 @4" + by_r3 + "0.6 syn target lane=2" + by_r3 +
                     closed_control(5);
  CHECK_THAT(verdict_of(lines, family), !begins_with("open: "));
}

TEST_CASE("Few to the port were turned away: those to the other port tell the same") {
  // Found in the lab: its allowance of messages is spent after six.
  const auto family = each_family();
  const std::string by_r2 = " < icmp=admin from=r2 ttl=63 q=1\n",
                    refused = " < rst-ack ttl=60 marked\n";
  std::string lines = "0 syn target" + accepted + "0.0002 syn control" + refused +
                      "0.0003 connect returns=0 says=SSH-2.0-x ttl=60" + accepted +
                      passes("target", 1, 1) + "0.001 syn target @2" + by_r2;
  for (int hops = 2; hops < 5; ++hops)
    lines += "0.0015 syn control @" + std::to_string(hops) + by_r2;
  lines += "0.002 syn target @3" + by_r2 + "0.002 syn target @4" + by_r2;
  for (int lane = 1; lane < 4; ++lane)
    lines += "0.01 syn target lane=" + std::to_string(lane) + accepted +
             "0.02 syn control lane=" + std::to_string(lane) + refused;
  CHECK(verdict_of(lines, family) == "open: none strong: listening");
  CHECK(caveats_of(lines, family) == "by-form");
}

TEST_CASE(
    "The port is closed, and a rule rejects SYNs with few hops: refused, whoever rejects those") {
  const auto family = each_family();
  const std::string closed = " < rst-ack ttl=60 marked\n",
                    rejected_by_r3 = " < icmp=admin from=r3 ttl=62 q=1\n";
  auto lines = "0 syn target" + closed + "0.001 connect returns=ECONNREFUSED < rst-ack ttl=60\n" +
               passes("target", 1, 3);
  for (int hops = 4; hops < 9; ++hops)
    lines += "0.21 syn target @" + std::to_string(hops) + rejected_by_r3;
  lines += "0.3 syn target lane=1" + closed + "0.35 syn target lane=1 @4" + rejected_by_r3 +
           "0.6 syn target lane=2" + closed + closed_control(5);
  CHECK(verdict_of(lines, family) == "refused: destination 5..5 strong: closed-port");
  CHECK(caveats_of(lines, family) == "by-form");
}

TEST_CASE(
    "Only SYNs with few hops are rejected, a program's vanish: dropped, whoever rejects those") {
  const auto family = each_family();
  const auto before = "0.25 syn target lane=1\n0.25 syn target lane=2\n0.25 syn target lane=3\n" +
                      std::string("0.2501 syn target @4 < icmp=admin from=r2 ttl=63 q=3\n") +
                      passes("target", 1, 1) + closed_control(5) + "0.26 syn target @3 x3\n";
  const auto lines = "0 syn target x3\n0.0001 connect syns=3\n" + before + "fact ends=6\n";
  CHECK_THAT(verdict_of(lines, family),
             begins_with("dropped: between 1..5 strong: filter-drop answer-lost"));
  CHECK(caveats_of(lines, family) == "by-form");
  // A program is told: then that is what it meets.
  const auto told =
      "0 syn target x3\n0.0001 connect returns=EHOSTUNREACH "
      "< icmp=admin from=r2 ttl=63 q=63\n" +
      before + "fact ends=6\n";
  CHECK_THAT(verdict_of(told, family), begins_with("rejected: "));
}
