// Something on the way looks at the ToS: our marked SYNs fare otherwise than an application's.
// Found in the lab, where a rule on DSCP 0, or on any other, made a limit or a ban of it. The SYNs
// of the lanes from 60 on bear no mark.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// SYNs on four flows, three times each.
std::string marked(const std::string& answer) {
  std::string lines;
  for (int lane = 0; lane < 4; ++lane)
    lines += fmt::format("0 syn target x3 lane={}{}\n", lane, answer);
  return lines;
}

std::string unmarked(const std::string& answer) {
  std::string lines;
  for (int lane = 60; lane < 65; ++lane)
    lines += fmt::format("1.5 syn target x2 lane={}{}\n", lane, answer);
  return lines;
}

std::string connect(const std::string& rest) { return "0.001 connect " + rest + "\n"; }

}  // namespace

TEST_CASE("Marked SYNs are dropped, those of applications accepted: open") {
  const auto family = each_family();
  const auto lines = marked("") + connect("returns=0 says=SSH-2.0-x < syn-ack ttl=61") +
                     unmarked(" < syn-ack ttl=61") + closed_control(4) + "fact ends=6\n";
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) == "open: none strong: listening");
  CHECK_THAT(verdict.explanations.at(0).because.back().text.str(), mentions("looks at it"));
  CHECK(verdict.probes_fare_otherwise);
}

TEST_CASE("Marked SYNs are dropped, an application's refused") {
  const auto family = each_family();
  const std::string rst = " < rst-ack ttl=61 label=7";
  std::string walk;
  for (int hop = 1; hop < 4; ++hop)
    walk += fmt::format("3 syn target lane=60 @{0} < te from=r{0} ttl={1}\n", hop, 65 - hop);
  const auto lines = marked("") + connect("returns=ECONNREFUSED" + rst) + unmarked(rst) + walk +
                     "3 syn target lane=60 @4" + rst + "\n" + closed_control(4) + "fact ends=6\n";
  CHECK_THAT(verdict_of(lines, family),
             begins_with("refused: destination 4..4 strong: closed-port"));
}

TEST_CASE("An application's SYNs are dropped, ours pass because of their mark") {
  const auto family = each_family();
  const auto lines = marked(" < syn-ack ttl=61") + connect("syns=4") + unmarked("") +
                     "3 syn target lane=60 @1 < te from=r1 ttl=64\n"
                     "3 syn target lane=60 @2 < te from=r2 ttl=63\n"
                     "3 syn target lane=60 x3 @3\n" +
                     closed_control(4) + "fact ends=9\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: between 2..3 strong: filter-drop"));
}

TEST_CASE("Without SYNs of ours that share the fate of connect()'s the mark is not to blame") {
  const auto lines = marked("") + connect("returns=0 says=SSH-2.0-x < syn-ack ttl=61") +
                     closed_control(4) + "fact ends=6\n";
  CHECK_THAT(verdict_of(lines), begins_with("intermittent: "));
}

TEST_CASE("The mark makes the difference, and rejections are few: the router that sends them") {
  const auto family = each_family();
  const std::string admin = " < icmp=admin from=r2 ttl=63 q=62";
  const auto lines = marked(" < syn-ack ttl=61") + connect("returns=EHOSTUNREACH" + admin) +
                     unmarked(admin + " only=1") + "3 syn target lane=60 @1 < te from=r1 ttl=64\n" +
                     "3 syn target lane=60 @2 < te from=r2 ttl=63\n"
                     "3 syn target lane=60 @3 < icmp=admin from=r2 ttl=63 q=1\n" +
                     closed_control(4) + "fact ends=6\n";
  CHECK(verdict_of(lines, family) == "rejected: router 2..2 strong: icmp-reject-router");
}

TEST_CASE(
    "A connect() that was rejected and, sent again, accepted: its path decides, not its form") {
  const std::string admin = " < icmp=admin from=r2 ttl=63 q=62";
  const auto lines =
      marked(" < syn-ack ttl=61") +
      connect("syns=2 returns=0 says=SSH-2.0-x" + admin + " < syn-ack ttl=61 after=1.01") +
      unmarked(admin) + closed_control(4) + "fact ends=6\n";
  CHECK_FALSE(analyse(run_of(lines, Family::ipv6)).verdict.probes_fare_otherwise);
}

TEST_CASE("Three marked SYNs against five others may have met the dead one of two equal paths") {
  std::string lines = connect("returns=0 says=SSH-2.0-x < syn-ack ttl=61");
  for (int lane = 0; lane < 3; ++lane) lines += fmt::format("0 syn target x3 lane={}\n", lane);
  for (int lane = 60; lane < 64; ++lane)
    lines += fmt::format("1.5 syn target lane={} < syn-ack ttl=61\n", lane);
  const auto verdict = analyse(run_of(lines + closed_control(4) + "fact ends=6\n")).verdict;
  CHECK_FALSE(verdict.probes_fare_otherwise);
}

TEST_CASE("All our SYNs are rejected, connect()'s too until it is sent again: not simply open") {
  const std::string admin = " < icmp=admin from=r2 ttl=63 q=62";
  std::string lines =
      connect("syns=2 returns=0 says=SSH-2.0-x" + admin + " < syn-ack ttl=61 after=1.01");
  for (int lane = 0; lane < 5; ++lane)
    lines += fmt::format("0 syn target lane={}{}\n", lane, admin);
  CHECK_THAT(verdict_of(lines + closed_control(4) + "fact ends=6\n", Family::ipv6),
             begins_with("intermittent: "));
}

namespace {

/// On eleven flows, before connect() and after it.
std::string without_ecn(const std::string& answer) {
  std::string lines;
  for (int lane = 0; lane < 11; ++lane)
    lines += fmt::format("{} syn target lane={}{}\n", lane < 5 ? "0" : "0.3", lane, answer);
  return lines;
}

std::string walked_to(int distance, const std::string& answer) {
  return passes("target", 1, distance - 1) +
         fmt::format("0.2 syn target @{}{}\n", distance, answer);
}

}  // namespace

TEST_CASE("connect() asks for ECN and is turned away, all that do not are accepted: that is why") {
  // Found in the lab: a rule at r2 on ECE and CWR, as some devices have (RFC 3168 section 6.1.1.1).
  const auto family = each_family();
  const std::string accepted = " < syn-ack ttl=60";
  const auto rest = without_ecn(accepted) + walked_to(5, accepted) + closed_control(5);
  const auto analysis =
      analyse(run_of(connect("ecn returns=ECONNREFUSED < rst-ack ttl=63") + rest, family));
  CHECK(in_one_line(analysis.verdict) == "refused: router 2..2 strong: middlebox-reset");
  CHECK_THAT(analysis.verdict.explanations.at(0).because.back().text.str(), mentions("ECN"));
  CHECK_THAT(analysis.verdict.explanations.at(0).settled_by.str(), mentions("tcp_ecn=0"));
  CHECK(caveats_of(analysis.verdict) == "by-form");
  const auto rejected = connect("ecn returns=EHOSTUNREACH < icmp=admin from=r2 ttl=63 q=62") + rest;
  CHECK(verdict_of(rejected, family) == "rejected: router 2..2 strong: icmp-reject-router");
  // Without the flags it may have met one of several machines.
  const auto plain = connect("usual-options returns=ECONNREFUSED < rst-ack ttl=60") + rest;
  CHECK_THAT(verdict_of(plain, family), begins_with("intermittent: "));
}

TEST_CASE(
    "connect() asks for ECN like a few others do not: it may have met one machine of several") {
  const auto family = each_family();
  std::string lines = connect("ecn returns=ECONNREFUSED < rst-ack ttl=63") +
                      walked_to(5, " < syn-ack ttl=60") + closed_control(5);
  for (int lane = 0; lane < 5; ++lane)
    lines += fmt::format("{} syn target lane={} < syn-ack ttl=60\n", lane < 3 ? "0" : "0.3", lane);
  CHECK_THAT(verdict_of(lines, family), !begins_with("refused: "));
}

TEST_CASE("A SYN that asks for ECN gets no answer, the next without it does: not simply loss") {
  const auto family = each_family();
  const auto lines = connect("ecn syns=2 returns=0 says=SSH-2.0-x < syn-ack ttl=61 only=2") +
                     "0 syn target < syn-ack ttl=61\n" + walked_to(4, " < syn-ack ttl=61") +
                     "0.3 syn target lane=1 < syn-ack ttl=61\n" + closed_control(4) +
                     "fact ends=3\n";
  CHECK(verdict_of(lines, family) == "open: none strong: listening");
  CHECK(caveats_of(lines, family) == "by-form");
}

namespace {

/// connect()'s SYNs, with the same options as ours, between those of fifteen other flows.
std::string among_fifteen(const std::string& of_connect) {
  std::string lines = "0.001 connect usual-options " + of_connect + "\n";
  for (int lane = 0; lane < 15; ++lane)
    lines += fmt::format("{} syn target lane={} < syn-ack ttl=61\n", lane < 5 ? 0. : 2.1, lane);
  return lines + closed_control(4) + "fact ends=9\n";
}

}  // namespace

TEST_CASE("connect()'s SYNs are dropped, all others between them accepted: no limit does that") {
  const auto verdict = analyse(run_of(among_fifteen("syns=7"), each_family())).verdict;
  CHECK(in_one_line(verdict) == "dropped: between 1..4 weak: filter-drop answer-lost");
  CHECK_THAT(verdict.explanations.front().because.back().text.str(),
             mentions("takes this flow another way"));
}

TEST_CASE(
    "connect() alone is refused as the host would: the flow decides, or what its options say") {
  const auto lines = among_fifteen("returns=ECONNREFUSED < rst-ack ttl=61");
  const auto verdict = analyse(run_of(lines, each_family())).verdict;
  CHECK_THAT(in_one_line(verdict), begins_with("intermittent: "));
  const auto why = verdict.explanations.front().because.front().text.str();
  CHECK_THAT(why, mentions("something looks at what its SYN has"));
  CHECK_THAT(why, !mentions("in turns"));
}

TEST_CASE(
    "connect() alone is refused, by a router: that is what a program meets, for all we know") {
  const auto lines = among_fifteen("returns=ECONNREFUSED < rst-ack ttl=63");
  const auto verdict = analyse(run_of(lines, each_family())).verdict;
  CHECK_THAT(in_one_line(verdict), begins_with("refused: "));
  CHECK(verdict.culprit.confidence == Confidence::weak);
  CHECK(caveats_of(verdict) == "by-form");
  CHECK_THAT(verdict.explanations.front().settled_by.str(), mentions("a few more tries"));
}

TEST_CASE("connect() alone is refused, and lacks options that ours have: perhaps for that") {
  std::string lines = among_fifteen("returns=ECONNREFUSED < rst-ack ttl=63");
  lines.erase(lines.find("usual-options "), 14);
  const auto verdict = analyse(run_of(lines, each_family())).verdict;
  CHECK_THAT(in_one_line(verdict), begins_with("refused: "));
  CHECK(verdict.culprit.confidence == Confidence::weak);
  CHECK(verdict.probes_fare_otherwise);
}
