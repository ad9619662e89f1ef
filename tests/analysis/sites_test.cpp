// What real sites put before their hosts: balancers, proxies for every port, translators, firewalls
// that change their mind. Host at hop 4 behind r1, r2, r3.

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

}  // namespace

TEST_CASE("Connections dealt out to two machines behind a forwarding address, one of which drops") {
  const auto family = each_family();
  std::string lines = "0 syn control < rst-ack ttl=62 marked\n0 echo < echo-reply ttl=62\n";
  for (int hop = 1; hop <= 2; ++hop)
    lines += fmt::format("0.01 syn control @{0} < te from=r{0} ttl={1}\n", hop, 65 - hop);
  lines += "0.01 syn control @3 < rst-ack ttl=62 marked\n" + passes("target", 1, 2) +
           "0.01 syn target @3 < te from=server ttl=62\n"
           "0.3 syn target lane=1 @1 < te from=r1 ttl=64\n"
           "0.3 syn target lane=1 @2 < te from=r2 ttl=63\n"
           "0.3 syn target lane=1 @3 < te from=server ttl=62\n"
           "0 syn target < syn-ack ttl=61\n0.02 syn target @4 x3\n"
           "0.03 connect syns=4\n";
  for (int lane = 1; lane <= 12; ++lane) {
    const bool drops = lane % 3 != 0;
    lines += fmt::format("{} syn target lane={} {}\n", 0.1 + 0.02 * lane, lane,
                         drops ? lane < 3 ? "x3" : "" : "< syn-ack ttl=61");
    lines += fmt::format("0.5 syn control lane={} < rst-ack ttl=62 marked\n", lane);
  }
  const auto verdict = verdict_of(lines + "fact ends=9\n", family);
  CHECK_THAT(verdict, begins_with("intermittent: between 3..4 weak: port-forward"));
  CHECK_THAT(verdict, mentions("filter-drop"));
  CHECK_THAT(verdict, mentions("rate-limit"));
}

TEST_CASE("Accepted first, refused by a router later: the walk from before tells nothing of it") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=61\n" + closed_control(4) +
                     passes("target", 1, 3) +
                     "0.1 syn target @4 < syn-ack ttl=61\n0.3 syn target @5 < rst-ack ttl=63\n"
                     "0.3 syn target lane=1 < rst-ack ttl=63\n0.3 syn target lane=2 < rst-ack "
                     "ttl=63\n0 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  CHECK(verdict_of(lines, family) ==
        "intermittent: router 2..2 strong: middlebox-reset rate-limit probe-ban");
}

TEST_CASE("Accepted first, refused by the host's own stack later: no rule counts connections") {
  const auto lines = "0 syn target < syn-ack ttl=61\n" + closed_control(4) +
                     "0.3 syn target lane=1 < rst-ack ttl=61 marked\n"
                     "0.3 syn target lane=2 < rst-ack ttl=61 marked\n"
                     "0.4 syn target < rst-ack ttl=61 marked\n"
                     "0 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  const auto verdict = analyse(run_of(lines, each_family())).verdict;
  CHECK(in_one_line(verdict) ==
        "intermittent: destination 4..4 strong: closed-port / connection-limit");
  CHECK_THAT(verdict.explanations.front().because.front().text.str(),
             begins_with("Of 4 flows to port 22, 1 was accepted, 2 refused and 1 now accepted, now "
                         "refused"));
}

TEST_CASE("Refused while our connection is open, by a stack unlike Linux: one at a time fits") {
  const auto lines = "0 syn target < syn-ack ttl=61\n0 syn control < rst-ack ttl=61\n" +
                     passes("control", 1, 3) + "0.01 syn control @4 < rst-ack ttl=61\n" +
                     "0.3 syn target lane=1 < rst-ack ttl=61\n"
                     "0.3 syn target lane=2 < rst-ack ttl=61\n"
                     "0 connect returns=0 says=Ready < syn-ack ttl=61\n";
  const auto verdict = analyse(run_of(lines, each_family())).verdict;
  const auto& found = verdict.explanations;
  const auto limit = std::ranges::find(found, Mechanism::connection_limit, &Explanation::mechanism);
  REQUIRE(limit != found.end());
  CHECK(limit->rank == 1);
}

TEST_CASE("Every port is accepted at a hop that never says its name: the host, or a proxy") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=63\n0 syn control < syn-ack ttl=63\n" +
                     passes("target", 1, 1) + passes("control", 1, 1) +
                     "0.1 syn target @2 < syn-ack ttl=63\n0.1 syn control @2 < syn-ack ttl=63\n"
                     "0.1 echo x3\n" +
                     "0.01 connect returns=0 closed=fin < syn-ack ttl=63\n";
  CHECK(verdict_of(lines, family) ==
        "closed-early: router 2..2 strong: accept-then-close transparent-proxy");
}

TEST_CASE("A port that is forwarded where other ports go round is no proxy's") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 3) +
                     passes("control", 1, 3) +
                     "0.1 syn target @4 < syn-ack ttl=61\n0.1 syn control @4 < te from=r2 ttl=63\n"
                     "0 syn control < te from=r2 ttl=63\n" +
                     "0.01 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  CHECK_THAT(verdict_of(lines, family), mentions("listening"));
  CHECK_THAT(verdict_of(lines, family), !mentions("transparent-proxy"));
}

TEST_CASE("A translator makes \"no route\" of a host that IPv4's last router does not find") {
  const auto late = " < icmp=1/0 from=r3 ttl=62 q=61 after=3.1\n";
  const auto lines = std::string("0 syn target") + late + "0 bad-syn target" + late +
                     passes("target", 1, 3) + "0 syn control x3\n0 connect returns=ENETUNREACH " +
                     "took=3.1 < icmp=1/0 from=r3 ttl=62 q=61 after=3.1\n";
  CHECK(verdict_of(lines, Family::ipv6) == "unreachable: destination 4..4 weak: host-down");
}

TEST_CASE("Plan: rejected probes, and a connection accepted after all: its SYN/ACK is waited for") {
  const auto planned = plan(rejecting_r2, each_family(),
                            "0.02 connect returns=0 took=1.0 syns=2 < syn-ack ttl=61 only=2\n");
  REQUIRE(planned.done);
  CHECK(planned.seconds > 1.02);
}

TEST_CASE("One address, two machines: the flows of the farther one are dropped there") {
  const auto far = [](const Question& question) { return question.lane % 2 == 1; };
  const auto world = [&](const Question& question) -> std::string {
    if (question.kind == ProbeKind::echo) return along(question, 2, "echo-reply ttl=63");
    if (question.aim != Aim::target) return along(question, 2, "rst-ack ttl=63 marked");
    return far(question) ? along(question, 4, "") : along(question, 2, "syn-ack ttl=63");
  };
  const auto family = each_family();
  const auto planned = plan(world, family);
  REQUIRE(planned.done);
  CHECK_THAT(verdict_of(planned.trace, family),
             begins_with("intermittent: between 3..4 strong: filter-drop"));
}

TEST_CASE("One address, two machines: the nearer one's stack rejects, and no router's") {
  const auto family = each_family();
  const std::string rejects = " < icmp=port from=server ttl=62 q=";
  const auto lines = "0 syn target" + rejects + "62\n" + closed_control(4) +
                     passes("target", 1, 2) +
                     "0.01 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n0.1 syn target @3" +
                     rejects + "1\n0.1 syn target @4" + rejects + "2\n" +
                     "0.2 syn target lane=1 < syn-ack ttl=61\n0.3 syn target" + rejects + "62\n";
  CHECK(verdict_of(lines, family) == "intermittent: destination 3..3 strong: icmp-reject-host");
}

TEST_CASE("A list for returning packets names some of the client's ports only") {
  const auto world = [](const Question& question) -> std::string {
    if (question.kind == ProbeKind::echo) return along(question, 4, "echo-reply ttl=61");
    if (question.lane % 2 == 1) return along(question, 4, "");
    const auto* answer = question.aim == Aim::target ? "syn-ack ttl=61" : "rst-ack ttl=61 marked";
    return along(question, 4, answer);
  };
  const auto family = each_family();
  const auto planned = plan(world, family);
  REQUIRE(planned.done);
  CHECK_THAT(verdict_of(planned.trace, family), mentions("answer-lost 1..4"));
}

TEST_CASE("A router behind a forwarding address rejects: its message bears that address") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=port from=server ttl=61 q=60\n0 syn control < rst-ack ttl=63 marked\n"
      "0 connect returns=ECONNREFUSED < icmp=port from=server ttl=61 q=60\n"
      "0.1 syn target @1 < te from=r1 ttl=64\n0.1 syn target @2 < te from=server ttl=63\n"
      "0.1 syn target @3 < te from=server ttl=62\n0.1 syn target @4 < te from=server ttl=61\n"
      "0.1 syn target @5 < icmp=port from=server ttl=61 q=1\n"
      "0.1 syn control @1 < te from=r1 ttl=64\n0.1 syn control @2 < rst-ack ttl=63 marked\n";
  CHECK(verdict_of(lines, family) ==
        "rejected: between 4..5 strong: icmp-reject-host 5..5 icmp-reject-router 4..4 port-forward "
        "5..5");
}

TEST_CASE("Let in at first, rejected for good since: a ban fits as well as a count") {
  const auto family = each_family();
  const std::string reject = " < icmp=port from=server ttl=61 q=61\n";
  const auto lines = "0 syn target < syn-ack ttl=61\n" + closed_control(4) +
                     "0.1 connect returns=ECONNREFUSED" + reject + passes("target", 1, 3) +
                     "0.2 syn target @4" + reject + "0.3 syn target lane=1" + reject +
                     "0.4 syn target lane=2" + reject;
  CHECK_THAT(verdict_of(lines, family), mentions("probe-ban"));
  CHECK_THAT(verdict_of(lines + "0.5 syn target lane=3 < syn-ack ttl=61\n", family),
             !mentions("probe-ban"));
}

TEST_CASE("New flows are turned away, and old ones go on: a count of connections fits as well") {
  const auto family = each_family();
  std::string lines = "0 syn target < syn-ack ttl=61\n" + closed_control(4) +
                      passes("target", 1, 2) + "0.05 syn target lane=1 < syn-ack ttl=61\n";
  for (int lane = 2; lane <= 7; ++lane)
    lines += fmt::format("{} syn target lane={} < rst-ack ttl=63\n", 0.1 * lane, lane);
  lines +=
      "0.25 syn target @4 < syn-ack ttl=61\n0.45 syn target @5 < syn-ack ttl=61\n"
      "0.75 syn target @6 < syn-ack ttl=61\n0.85 syn target lane=2 @3 < rst-ack ttl=63\n";
  const auto analysis = analyse(run_of(lines, family));
  CHECK_THAT(in_one_line(analysis.verdict), mentions("middlebox-reset.* rate-limit"));
  for (const auto& found : analysis.verdict.explanations)
    CHECK_THAT(found.because.front().text.str(), !mentions("which flow it is decides"));
}

TEST_CASE("A router that missed the next one for a while: no limit, and not the host") {
  const auto family = each_family();
  const std::string in_vain = " < icmp=host from=r2 ttl=63 q=62 after=3.05\n";
  const auto lines = passes("target", 1, 2) + "0 syn target" + in_vain + "0 syn target lane=1" +
                     in_vain + "0 bad-syn target" + in_vain + "0 syn control" + in_vain +
                     "3.1 syn target lane=2 @4 < syn-ack ttl=61\n"
                     "3.2 syn target lane=3 < syn-ack ttl=61\n3.3 syn target lane=4 < syn-ack "
                     "ttl=61\nfact ends=4\n";
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK_THAT(in_one_line(verdict),
             begins_with("intermittent: between 2..3 ") && ends_with("host-down"));
  CHECK_THAT(verdict.explanations.front().because.back().text.str(),
             mentions("ended while we asked"));
}
