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

struct Look {
  Mechanism mechanism;
  const char* settled_by;  ///< part of its text
};

/// The evidence gives this line, and each explanation names the look that settles it.
void check(const std::string& lines, Family family, const std::string& line,
           const std::vector<Look>& looks) {
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) == line);
  REQUIRE(verdict.explanations.size() == looks.size());
  for (std::size_t i = 0; i < looks.size(); ++i) {
    CHECK(verdict.explanations[i].mechanism == looks[i].mechanism);
    CHECK_THAT(verdict.explanations[i].settled_by.str(), mentions(looks[i].settled_by));
  }
}

using M = Mechanism;

}  // namespace

TEST_CASE("Group: everything to the port silent, k is the last router", "[group-01]") {
  // Host drop, TCP-MD5 listener, drop of the answer, drop at the last router, a bridge.
  check(port_silent + host_alive + "0.5 ack target x3\n0.5 fin target x3\n", each_family(),
        "dropped: between 3..4 strong: filter-drop / answer-lost 1..4",
        {{M::filter_drop, "rule counters on hop 3 .* and on the host itself"},
         {M::answer_lost, "tcpdump .* does the SYN arrive there, and does an answer leave"}});
}

TEST_CASE("Group: SYN silent, ACK answered, FIN silent", "[group-02]") {
  // Accept queue full, SYN filter, lost SYN/ACK, ACL with established semantics.
  check(port_silent + host_alive + "0.5 ack target x3 < rst ttl=61 marked\n0.5 fin target x3\n",
        each_family(),
        "dropped: between 3..4 strong: syn-filter accept-queue-full 4..4 / answer-lost 1..4",
        {{M::syn_filter, "rule counters"},
         {M::accept_queue_full, "Recv-Q .* TcpExtListenOverflows"},
         {M::answer_lost, "does the SYN arrive there"}});
}

TEST_CASE("Group: RST without the mark from the host's distance", "[group-03]") {
  // A rule on the host or a transparent bridge before it.
  check("0 syn target < rst-ack ttl=61\n" + passes("target", 1, 3) +
            "0.2 syn target @4 < rst-ack ttl=61\n" + closed_control(4),
        each_family(), "refused: destination 4..4 strong: host-firewall-reset",
        {{M::host_firewall_reset, "does the SYN arrive, and does the RST leave there"}});
}

TEST_CASE("Group: RST with the mark: closed, loopback only, crashed are one thing", "[group-04]") {
  check("0 syn target < rst-ack ttl=61 marked\n" + passes("target", 1, 3) +
            "0.2 syn target @4 < rst-ack ttl=61 marked\n" + closed_control(4),
        each_family(), "refused: destination 4..4 strong: closed-port",
        {{M::closed_port, "ss -ltn .*: is anything listening, and on which address"}});
}

TEST_CASE("Group: RSTs without the mark on every port: stack and rule are both listed",
          "[group-03][group-04]") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61\n0.05 syn control < rst-ack ttl=61\n" +
                     passes("control", 1, 3) + "0.2 syn control @4 < rst-ack ttl=61\n";
  CHECK(verdict_of(lines, family) ==
        "refused: destination 4..4 strong: closed-port host-firewall-reset");
  CHECK(caveats_of(lines, family) == "class-not-echoed");
}

TEST_CASE("Group: silence from hop k+1 on for everything", "[group-05]") {
  // rp_filter, blackhole, no way back, drop-all: where the host stands is not known either.
  check(
      "0 syn target x3\n0.2 syn target @1 < te from=r1 ttl=64\n0.3 syn target @2 x3\n"
      "0.3 syn target @3 x3\n0.05 syn control x3\n0.2 syn control @1 < te from=r1 ttl=64\n"
      "0.3 syn control @2 x3\n0.4 echo x3\n0.5 ack target x3\n0.5 fin target x3\nfact ends=6\n",
      each_family(), "dropped: between 1..2 weak: host-silent filter-drop blackhole",
      {{M::host_silent, "console"},
       {M::filter_drop, "rule counters on hop 1"},
       {M::blackhole, "ip route get .* TcpExtIPReversePathFilter"}});
}

TEST_CASE("Group: the whole host silent, the router before it alive", "[group-06]") {
  // Drops all, down behind a kept ARP entry, no way back, a ban by route, a wrong host.
  check(port_silent + "0.05 syn control x3\n" + passes("control", 1, 3) +
            "0.3 syn control @4 x3\n0.4 echo x3\n0.5 ack target x3\n0.5 fin target x3\n",
        each_family(), "dropped: between 3..4 weak: host-silent filter-drop blackhole",
        {{M::host_silent, "is it up, does a capture there see the probes, has it a route back"},
         {M::filter_drop, "rule counters on hop 3"},
         {M::blackhole, "ip route get"}});
}

TEST_CASE("Group: a drop in FORWARD of hop k, or in PREROUTING of hop k+1", "[group-07]") {
  check("0 syn target x3\n" + passes("target", 1, 2) +
            "0.3 syn target @3 x3\n0.3 syn target @4 x3\n0.5 ack target x3\n0.5 fin target x3\n"
            "fact ends=6\n" +
            host_alive,
        each_family(), "dropped: between 2..3 strong: filter-drop",
        {{M::filter_drop, "rule counters on hop 2 .* and on hop 3"}});
}

TEST_CASE("Group: a rule of a router rejects: which of its rules no packet tells", "[group-08]") {
  check("0 syn target < icmp=admin from=r2 ttl=63 q=62\n" + passes("target", 1, 2) +
            "0.2 syn target @3 < icmp=admin from=r2 ttl=63 q=1\n0.4 bad-syn target x2\n" +
            closed_control(4),
        each_family(), "rejected: router 2..2 certain: icmp-reject-router",
        {{M::icmp_reject_router, "rule counters and logs on .*: which rule"}});
}

TEST_CASE("Group: the code of a route and nothing else asked: a rule and a route both fit",
          "[group-08]") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=r2 ttl=63 q=63\n0.2 syn target @1 < te from=r1 ttl=64\n"
      "0.2 syn target @2 < icmp=admin from=r2 ttl=63 q=1\n";
  const auto verdict = verdict_of(lines, family);
  CHECK_THAT(verdict, mentions("icmp-reject-router"));
  CHECK_THAT(verdict, mentions("route-prohibited"));
  CHECK_THAT(verdict, is_not_certain());
}

TEST_CASE("Group: 3/3 from the host: a ban, a default rule and a limit look alike", "[group-09]") {
  check("0 syn target < icmp=port ttl=61 q=61\n" + passes("target", 1, 3) +
            "0.2 syn target @4 < icmp=port ttl=61 q=1\n0.4 bad-syn target x2\n" + closed_control(4),
        each_family(), "rejected: destination 4..4 certain: icmp-reject-host",
        {{M::icmp_reject_host, "rule counters and logs on .*fail2ban.*another source"}});
}

TEST_CASE("Group: 1/0 of IPv6: no route, unreachable, link down and a rule", "[group-10]") {
  const std::string rejected =
      "0 syn target < icmp=1/0 from=r2 ttl=63 q=63\n0.2 syn target @1 < te from=r1 ttl=64\n"
      "0.2 syn target @2 < icmp=1/0 from=r2 ttl=63 q=1\n"
      "0.05 syn control < icmp=1/0 from=r2 ttl=63 q=63\n";
  SECTION("a wrong checksum is answered: the table, and only it knows which entry") {
    check(rejected + "0.4 bad-syn target < icmp=1/0 from=r2 ttl=63 q=63\n", Family::ipv6,
          "unreachable: router 2..2 strong: no-route",
          {{M::no_route, "ip route get .* on 2001:db8:0:2::1"}});
  }
  SECTION("nobody asked: a rule fits too") {
    const auto verdict = verdict_of(rejected, Family::ipv6);
    CHECK_THAT(verdict, mentions("no-route"));
    CHECK_THAT(verdict, mentions("icmp-reject-router"));
    CHECK_THAT(verdict, is_not_certain());
  }
}

TEST_CASE("Group: closed behind a SYN proxy, or a service behind it that resets", "[group-11]") {
  check("0 syn target < syn-ack ttl=63 win=0\n" + passes("target", 1, 2) +
            "0.2 syn target @3 < syn-ack ttl=63 win=0\n" + closed_control(4) +
            "0.01 connect returns=0 closed=rst < syn-ack ttl=63 win=0\n",
        each_family(), "closed-early: router 2..2 strong: syn-proxy",
        {{M::syn_proxy, "capture on .*: does the connection arrive there"}});
}

TEST_CASE("Group: an accepted connection closed without text", "[group-12]") {
  check("0 syn target < syn-ack ttl=61\n" + passes("target", 1, 3) +
            "0.2 syn target @4 < syn-ack ttl=61\n" + closed_control(4) +
            "0.01 connect returns=0 closed=fin < syn-ack ttl=61\n",
        each_family(), "closed-early: destination 4..4 strong: accept-then-close",
        {{M::accept_then_close, "the service's log on the host"}});
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
