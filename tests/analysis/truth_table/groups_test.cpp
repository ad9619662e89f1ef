// What no packet can tell apart (signatures, section 11): the same evidence gives the same list,
// whatever the true cause, and every member of the group is on it.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string port_silent = "0 syn target x3\n" + passes("target", 1, 3) +
                                "0.3 syn target @4 x3\n0.3 syn target @5 x3\nfact ends=6\n";
const std::string host_alive = closed_control(4) +
                               "0.4 echo < echo-reply ttl=61\n"
                               "0.5 ack control x3 < rst ttl=61 marked\n"
                               "0.5 fin control x3 < rst-ack ttl=61 marked\n";

}  // namespace

TEST_CASE("Group: everything to the port silent, k is the last router") {
  // Host drop, TCP-MD5 listener, drop of the answer, drop at the last router, a bridge.
  const auto family = each_family();
  const auto lines = port_silent + host_alive + "0.5 ack target x3\n0.5 fin target x3\n";
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) == "dropped: between 3..4 strong: filter-drop / answer-lost 1..4");
  for (const auto& explanation : verdict.explanations) CHECK_FALSE(explanation.settled_by.empty());
}

TEST_CASE("Group: SYN silent, ACK answered, FIN silent") {
  // Accept queue full, SYN filter, lost SYN/ACK, ACL with established semantics.
  const auto family = each_family();
  const auto lines =
      port_silent + host_alive + "0.5 ack target x3 < rst ttl=61 marked\n0.5 fin target x3\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 3..4 strong: syn-filter accept-queue-full 4..4 / answer-lost 1..4");
}

TEST_CASE("Group: RST without the mark from the host's distance") {
  // A rule on the host or a transparent bridge before it.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61\n" + closed_control(4);
  CHECK(verdict_of(lines, family) == "refused: destination 4..4 strong: host-firewall-reset");
}

TEST_CASE("Group: RST with the mark: closed, loopback only, crashed are one thing") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61 marked\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61 marked\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), ends_with(": closed-port"));
}

TEST_CASE("Group: RSTs without the mark on every port: stack and rule are both listed") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61\n0.05 syn control < rst-ack ttl=61\n" +
                     passes("control", 1, 3) + "0.2 syn control @4 < rst-ack ttl=61\n";
  CHECK(verdict_of(lines, family) ==
        "refused: destination 4..4 strong: closed-port host-firewall-reset");
  CHECK(caveats_of(lines, family) == "class-not-echoed");
}

TEST_CASE("Group: silence from hop k+1 on for everything") {
  // rp_filter, blackhole, no way back, drop-all: where the host stands is not known either.
  const auto family = each_family();
  const auto lines =
      "0 syn target x3\n0.2 syn target @1 < te from=r1 ttl=64\n0.3 syn target @2 x3\n"
      "0.3 syn target @3 x3\n0.05 syn control x3\n0.2 syn control @1 < te from=r1 ttl=64\n"
      "0.3 syn control @2 x3\n0.4 echo x3\n0.5 ack target x3\n0.5 fin target x3\nfact ends=6\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 1..2 weak: host-silent filter-drop blackhole");
}

TEST_CASE("Group: the code of a route and nothing else asked: a rule and a route both fit") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=r2 ttl=63 q=63\n0.2 syn target @1 < te from=r1 ttl=64\n"
      "0.2 syn target @2 < icmp=admin from=r2 ttl=63 q=1\n";
  const auto verdict = verdict_of(lines, family);
  CHECK_THAT(verdict, mentions("icmp-reject-router"));
  CHECK_THAT(verdict, mentions("route-prohibited"));
  CHECK_THAT(verdict, is_not_certain());
}

TEST_CASE("Group: 3/3 from the host: a ban, a default rule and a limit look alike") {
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=port ttl=61 q=61\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < icmp=port ttl=61 q=1\n0.4 bad-syn target x2\n" +
                     closed_control(4);
  CHECK_THAT(verdict_of(lines, family), ends_with(": icmp-reject-host"));
}

TEST_CASE("Group: an accepted connection closed without text") {
  const auto lines = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < syn-ack ttl=61\n" + closed_control(4) +
                     "0.01 connect returns=0 closed=fin < syn-ack ttl=61\n";
  CHECK_THAT(verdict_of(lines), ends_with(": accept-then-close"));
}

TEST_CASE("The order of unrelated packets does not matter") {
  const auto family = each_family();
  const auto probes = "0.2 syn target @4 < rst-ack ttl=61 marked\n" + passes("target", 1, 3);
  const auto reset = std::string("0 syn target < rst-ack ttl=61 marked\n");
  CHECK(verdict_of(reset + probes + closed_control(4), family) ==
        verdict_of(closed_control(4) + reset + probes, family));
}

TEST_CASE("Every rank-1 explanation lies within the culprit's interval") {
  for (const auto& lines :
       {port_silent + host_alive, port_silent + host_alive + "0.5 ack target < rst ttl=61 marked\n",
        port_silent}) {
    const auto verdict = analyse(run_of(lines)).verdict;
    const auto& culprit = verdict.culprit.where;
    REQUIRE(culprit.first_hop);
    for (const auto& explanation : verdict.explanations) {
      if (explanation.rank != 1) continue;
      CHECK(*explanation.where.first_hop >= *culprit.first_hop);
      CHECK(*explanation.where.last_hop <= *culprit.last_hop);
    }
  }
}

TEST_CASE("Evidence cites packets that exist") {
  const auto run = run_of(port_silent + host_alive + "0.5 ack target < rst ttl=61 marked\n");
  for (const auto& explanation : analyse(run).verdict.explanations)
    for (const auto& evidence : explanation.because)
      for (const auto packet : evidence.packets) {
        CHECK(packet.value >= 1);
        CHECK(packet.value <= run.observations.size());
      }
}
