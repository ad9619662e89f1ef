// "Local first": faults of this very machine.

#include <algorithm>
#include <cerrno>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/trace_words.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

bool warns_of_way_back(const Analysis& analysis) {
  return std::ranges::count(analysis.verdict.caveats, CaveatId::answers_elsewhere, &Caveat::id) > 0;
}

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

}  // namespace

TEST_CASE("A route that says no, by its errno", "[line-01]") {
  const auto family = each_family();
  const auto* error = GENERATE("EHOSTUNREACH", "EACCES", "EINVAL", "ENETUNREACH");
  const auto analysis = analyse(run_of("fact route-error=" + std::string(error) + "\n", family));
  CHECK(in_one_line(analysis.verdict) == "local: this-host 0..0 certain: local-route");
  CHECK(analysis.app_sees.error == errno_of(error));
}

TEST_CASE("No route because the only interface is down") {
  CHECK(verdict_of("fact route-error=ENETUNREACH down=eth0\n", each_family()) ==
        "local: this-host 0..0 certain: local-interface local-route");
}

TEST_CASE("A route that says no on purpose is not the interface's fault") {
  CHECK(verdict_of("fact route-error=EACCES down=wlan0\n") ==
        "local: this-host 0..0 certain: local-route");
}

TEST_CASE("An output rule rejects: EPERM, and the kernel's SYN never on the wire", "[line-02]") {
  const auto family = each_family();
  const auto lines =
      "0 connect hidden returns=ECONNREFUSED\n0 syn target x3 error=EPERM\n" + closed_control(4);
  CHECK(verdict_of(lines, family) == "local: this-host 0..0 certain: local-output-filter");
}

TEST_CASE("An output rule drops: EPERM for the raw socket, connect() hangs", "[line-03]") {
  const auto family = each_family();
  const auto lines =
      "0 connect hidden\n0 syn target x3 error=EPERM\n" + closed_control(4) + "fact ends=5\n";
  CHECK(verdict_of(lines, family) == "local: this-host 0..0 certain: local-output-filter");
}

TEST_CASE("An egress hook eats the packets after the kernel took them") {
  const auto family = each_family();
  const auto lines = "0 connect hidden\n0 syn target x3 unsent\nfact ends=5\n";
  CHECK(verdict_of(lines, family) ==
        "local: this-host 0..0 strong: local-output-filter / transparent-proxy");
}

TEST_CASE("ENOBUFS: the local queue or egress hook dropped it", "[line-04]") {
  const auto lines = "0 connect hidden\n0 syn target x3 error=ENOBUFS\nfact ends=5\n";
  CHECK(verdict_of(lines) == "local: this-host 0..0 strong: local-output-filter");
}

TEST_CASE("A capture that loses packets makes an unseen departure weak") {
  const auto lines = "0 connect hidden\n0 syn target x3 unsent\nfact ends=5 dropped=9\n";
  CHECK(verdict_of(lines) == "local: this-host 0..0 weak: local-output-filter / transparent-proxy");
}

TEST_CASE("A capture that does not see what leaves proves nothing about it") {
  const auto lines = "0 syn target x3 unsent\nfact ends=5 blind-outbound\n";
  CHECK_THAT(verdict_of(lines), begins_with("inconclusive:"));
}

TEST_CASE("The SYN/ACK is in the capture and connect() waits: an input rule", "[line-05]") {
  const auto family = each_family();
  const auto lines =
      "0 connect < syn-ack ttl=61\n0 syn target < syn-ack ttl=61 stack-silent\nfact ends=2\n" +
      passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of(lines, family) == "local: this-host 0..0 certain: local-input-filter");
}

TEST_CASE("An input rule on the connection alone, the raw probes' answers are heard") {
  const auto family = each_family();
  const auto lines = "0 connect < syn-ack ttl=61\n0 syn target < syn-ack ttl=61\nfact ends=2\n" +
                     passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of(lines, family) == "local: this-host 0..0 strong: local-input-filter");
}

TEST_CASE("Answers with a wrong checksum are dropped by the stack, and no rule here is to blame") {
  const auto family = each_family();
  for (const std::string kind : {"syn-ack", "rst-ack"}) {
    const auto lines = "0 connect < " + kind + " ttl=61 bad-checksum\n0 syn target < " + kind +
                       " ttl=61 bad-checksum stack-silent\nfact ends=2\n" + passes("target", 1, 3) +
                       closed_control(4);
    CHECK(verdict_of(lines, family) == "dropped: between 1..4 strong: answer-lost");
  }
}

TEST_CASE(
    "A SYN/ACK that this machine resets while connect() waits: spoiled, or rejected by a rule") {
  const auto family = each_family();
  const auto lines =
      "0 connect < syn-ack ttl=61 stack-resets\n0 syn target < syn-ack ttl=61\nfact ends=2\n" +
      passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of(lines, family) ==
        "dropped: between 0..4 weak: answer-lost 1..4 local-input-filter 0..0");
}

TEST_CASE("An answer comes in by another interface and connect() waits: the way back is checked") {
  const auto analysis =
      analyse(run_of("fact elsewhere=eth1 ends=2\n0 connect < rst-ack ttl=61 elsewhere\n"
                     "0 syn target < rst-ack ttl=61 elsewhere\n" +
                         passes("target", 1, 3) + closed_control(4),
                     each_family()));
  CHECK(in_one_line(analysis.verdict) == "local: this-host 0..0 strong: local-input-filter");
  CHECK(analysis.verdict.explanations.front().settled_by.str().find("eth1.rp_filter") !=
        std::string::npos);
  CHECK(warns_of_way_back(analysis));
}

TEST_CASE("An answer that comes in by another interface is an answer like any other") {
  const std::string walk = passes("target", 1, 3) + closed_control(4);
  const auto here =
      analyse(run_of("0 connect returns=ECONNREFUSED < rst-ack ttl=61\n"
                     "0 syn target < rst-ack ttl=61 marked\n" +
                     walk));
  const auto there =
      analyse(run_of("fact elsewhere=eth1\n"
                     "0 connect returns=ECONNREFUSED < rst-ack ttl=61 elsewhere\n"
                     "0 syn target < rst-ack ttl=61 marked elsewhere\n" +
                     walk));
  CHECK(in_one_line(there.verdict) == in_one_line(here.verdict));
  CHECK(warns_of_way_back(there));
  CHECK_FALSE(warns_of_way_back(here));
}

TEST_CASE("An answer of the last moment is not yet a dropped one") {
  const auto lines = "0 connect < syn-ack ttl=61\n0 syn target < syn-ack ttl=61\nfact ends=0.05\n";
  CHECK_FALSE(verdict_of(lines).starts_with("local"));
}

TEST_CASE("The gateway does not answer ARP or Neighbour Discovery", "[line-06]") {
  const auto family = each_family();
  const auto lines =
      "0 connect hidden returns=EHOSTUNREACH took=3.07\n0 syn target x3 unsent\n"
      "0 arp r1\n1 arp r1\n2 arp r1\n";
  CHECK(verdict_of(lines, family) == "local: router 1..1 certain: local-neighbour");
}

TEST_CASE("Nobody answers ARP on this link: a host that is down, or a mask too wide", "[line-06]") {
  const auto family = each_family();
  const auto lines =
      "fact on-link\n0 connect hidden returns=EHOSTUNREACH took=3.07\n"
      "0 syn target x3 unsent\n0 arp server\n1 arp server\n";
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) == "unreachable: destination 1..1 strong: host-down");
  CHECK_THAT(verdict.explanations.front().settled_by.str(), mentions("ip -brief address"));
  CHECK_THAT(verdict.explanations.front().because.back().text.str(), mentions("mask"));
}

TEST_CASE(
    "Nobody answers for a neighbour: what connect() will say is what it did not say in time") {
  const auto app = [](const std::string& facts, const std::string& connect, Family family) {
    const auto lines = "fact on-link " + facts + "\n0 connect hidden" + connect +
                       "\n0 syn target x3 unsent\n0 arp server\n1 arp server\n2 arp server\n";
    return analyse(run_of(lines, family)).app_sees;
  };
  const auto family = each_family();
  CHECK(app("ends=2", "", family).error == EHOSTUNREACH);
  CHECK_FALSE(app("ends=4.2", "", family).error);
  CHECK(app("source=fe80::10 ends=4.2", "", Family::ipv6).error == ETIMEDOUT);
  CHECK(app("", " returns=EHOSTUNREACH took=3.07", family).error == EHOSTUNREACH);
}

TEST_CASE("Nobody answers ARP for a target that is in no network of the link: the route is wrong") {
  const auto family = each_family();
  const auto lines =
      "fact on-link off-network\n0 connect hidden returns=EHOSTUNREACH took=3.07\n"
      "0 syn target x3 unsent\n0 arp server\n1 arp server\n";
  CHECK(verdict_of(lines, family) == "local: this-host 0..0 strong: local-route / host-down 1..1");
}

TEST_CASE("A gateway that answered is not called dead") {
  const auto lines = "0 connect hidden\n0 syn target x3 unsent\n0 arp r1 answered\nfact ends=5\n";
  CHECK(verdict_of(lines) ==
        "local: this-host 0..0 strong: local-output-filter / transparent-proxy");
}

TEST_CASE("connect() finds no host while other packets leave by the gateway: it is not dead") {
  const auto family = each_family();
  const auto* took = GENERATE("0.02", "3.07");
  const auto lines = "0 connect hidden returns=EHOSTUNREACH took=" + std::string(took) +
                     "\n0 syn target x3 unsent\n" + closed_control(4);
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict) ==
        "local: this-host 0..0 strong: local-output-filter / transparent-proxy "
        "local-neighbour 1..1");
  CHECK(analysis.verdict.explanations.front().settled_by.str().find("-t nat") != std::string::npos);
}

TEST_CASE("No packet at all left, nobody asked for the gateway, and connect() finds no host") {
  const auto lines = "0 connect hidden returns=EHOSTUNREACH took=0.01\n0 syn target x3 unsent\n";
  CHECK_THAT(verdict_of(lines, each_family()),
             begins_with("local: router 1..1 weak: local-neighbour / "));
}

TEST_CASE("A message quotes the application's SYN on its way elsewhere: address translation here") {
  const auto family = each_family();
  const auto lines =
      "0 connect hidden returns=EHOSTUNREACH took=3.07 < icmp=host from=r3 ttl=62 after=3.07 "
      "quoted-destination=stranger\n0 syn target x3 unsent\n" +
      closed_control(4);
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict) == "local: this-host 0..0 strong: local-output-filter");
  CHECK(analysis.verdict.explanations.front().because.back().packets.size() == 1);
}

TEST_CASE("The port's SYN leaves for another port of the host: address translation here") {
  auto run = run_of("0 connect hidden\n0 syn target x3 unsent\nfact ends=5\n" + closed_control(4),
                    each_family());
  auto seen = run.observations.front();
  seen.frame = {99};
  seen.flow = run.sends.front().spec.flow;
  seen.flow.destination.port = 2222;
  run.observations.push_back(seen);
  CHECK(in_one_line(analyse(run).verdict) == "local: this-host 0..0 strong: local-output-filter");
}

TEST_CASE(
    "The kernel has a route and refuses with a route's error: packets to the port are marked") {
  const auto family = each_family();
  const auto* error = GENERATE("EACCES", "EINVAL", "EHOSTUNREACH", "ENETUNREACH");
  const auto lines = "0 connect hidden\n0 syn target x3 error=" + std::string(error) + "\n" +
                     closed_control(4) + "fact ends=5\n";
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict) == "local: this-host 0..0 strong: local-route");
  CHECK(analysis.app_sees.error == ETIMEDOUT);
}

TEST_CASE("The interface is down") {
  CHECK(verdict_of("fact interface-down\n", each_family()) ==
        "local: this-host 0..0 strong: local-interface");
}

TEST_CASE("A tunnel without its program: nobody is asked for there, so connect() waits in vain") {
  const auto family = each_family();
  const auto ends_with_error = [&](const std::string& link) {
    const auto analysis =
        analyse(run_of("fact interface-down" + link + "\n0 connect syns=0\nfact ends=5\n", family));
    CHECK(in_one_line(analysis.verdict) == "local: this-host 0..0 strong: local-interface");
    return analysis.app_sees.error;
  };
  CHECK(ends_with_error("") == EHOSTUNREACH);
  CHECK(ends_with_error(" point-to-point") == ETIMEDOUT);
}

TEST_CASE("A WireGuard tunnel says that it has no peer for the address, or no place of that peer") {
  const auto family = each_family();
  const auto verdict = [&](int error) {
    auto run = run_of(
        "fact point-to-point\n0 connect returns=EHOSTUNREACH\n0 syn target x3\n0 syn control x3\n"
        "fact ends=5\n",
        family);
    for (auto& send : run.sends) send.error = error;
    return analyse(run).verdict;
  };
  CHECK(in_one_line(verdict(ENOKEY)) == "local: this-host 0..0 strong: local-route");
  CHECK(in_one_line(verdict(EDESTADDRREQ)) == "local: this-host 0..0 strong: local-interface");
  CHECK_THAT(verdict(ENOKEY).explanations.front().settled_by.str(), mentions("allowed ips"));
  CHECK(verdict(0).outcome == Outcome::dropped);
}

TEST_CASE("Nothing was asked, nothing is said") {
  CHECK(verdict_of("fact ends=1\n", each_family()) == "inconclusive: unknown weak:");
}

TEST_CASE("An input rule that drops ICMP: the router rejects, the application times out",
          "[line-05]") {
  // Measured: "INPUT drops ICMP errors": ETIMEDOUT while the router's rejection is in the capture.
  const auto lines =
      "0 connect syns=3 < icmp=admin from=r2 ttl=63 q=62 only=1 "
      "< icmp=admin from=r2 ttl=63 q=62 only=2\nfact ends=6\n"
      "0 syn target < icmp=admin from=r2 ttl=63 q=62\n" +
      passes("target", 1, 2) + "0.2 syn target @3 < icmp=admin from=r2 ttl=63 q=1\n" +
      closed_control(4);
  CHECK_THAT(verdict_of(lines), mentions("local-input-filter"));
}

TEST_CASE("A source address that nobody can answer is this machine's own fault") {
  const auto lines = "fact source-loopback ends=5\n0 connect\n0 syn target x3\n";
  CHECK(verdict_of(lines, Family::ipv6) == "local: this-host 0..0 strong: local-route");
}

TEST_CASE("A rule for the application's own packets: its SYN never leaves, raw ones are answered") {
  const auto family = each_family();
  const auto rest = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of("0 connect hidden returns=EINVAL\n" + rest, family) ==
        "local: this-host 0..0 strong: local-route");
  CHECK(verdict_of("0 connect hidden returns=EPERM\n" + rest, family) ==
        "local: this-host 0..0 strong: local-output-filter");
  CHECK(verdict_of("0 connect hidden returns=EHOSTUNREACH took=3.07\n" + rest, family) ==
        "local: between 0..1 strong: local-route 0..0 local-neighbour 1..1");
  CHECK(verdict_of("0 connect hidden\nfact ends=6\n" + rest, family) ==
        "local: this-host 0..0 weak: local-route local-output-filter");
}

TEST_CASE("A prohibiting rule; in IPv6 a firewall's rejection reads the same") {
  const auto rest = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 3) + closed_control(4);
  const auto lines = "0 connect hidden returns=EACCES\n" + rest;
  CHECK(verdict_of(lines, Family::ipv4) == "local: this-host 0..0 strong: local-route");
  CHECK(verdict_of(lines, Family::ipv6) ==
        "local: this-host 0..0 strong: local-route local-output-filter");
}

TEST_CASE("An unseen connect() that fares as the probes do proves nothing") {
  const auto lines =
      "0 connect hidden returns=ECONNREFUSED\n0 syn target < rst-ack ttl=61 marked\n" +
      passes("target", 1, 3) + "0.2 syn target @4 < rst-ack ttl=61 marked\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines), begins_with("refused: destination 4..4"));
}

TEST_CASE("connect() is answered by way of an interface that is not captured: its word counts") {
  const auto family = each_family();
  const auto silent = "0 syn target x3\n0.1 syn target @1 < te from=r1 ttl=64\nfact ends=5\n";
  CHECK(verdict_of(std::string("0 connect returns=0 says=SSH-2.0-x\n") + silent, family) ==
        "open: none weak: listening");
  CHECK(verdict_of(std::string("0 connect returns=ECONNREFUSED\n") + silent, family) ==
        "refused: unknown 1..? weak: closed-port host-firewall-reset middlebox-reset");
}

TEST_CASE("A rule of this machine turns the port to a proxy: connect() succeeds, nothing leaves") {
  const auto family = each_family();
  const auto lines =
      "0 connect hidden returns=0 says=SSH-2.0-x\n0 syn target unsent\n" + closed_control(4);
  CHECK(verdict_of(lines, family) == "open: none weak: listening transparent-proxy 0..0");
  CHECK_THAT(caveats_of(lines, family), mentions("transparent-proxy"));
}

TEST_CASE(
    "What the peer says arrives again and again, and the stack never gets it: an input rule") {
  const auto family = each_family();
  const auto lines =
      "0 connect returns=0 < syn-ack ttl=61 < data ttl=61 after=0.1 "
      "< data ttl=61 after=0.4 < data ttl=61 after=1\n"
      "0 syn target < syn-ack ttl=61\nfact ends=6\n" +
      passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of(lines, family) == "local: this-host 0..0 strong: local-input-filter");
}

TEST_CASE("... but where this machine drops what leaves it, so it may have dropped the ACK") {
  const auto family = each_family();
  const auto lines =
      "0 connect returns=0 < syn-ack ttl=61 < data ttl=61 after=0.1 "
      "< data ttl=61 after=0.4 < data ttl=61 after=1\n"
      "0 syn target < syn-ack ttl=61\n0.1 syn control lane=1 unsent\nfact ends=6\n" +
      passes("target", 1, 3) + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), !mentions("local-input-filter"));
}

TEST_CASE("A source address that is good on this link only: the router says so") {
  const auto lines =
      "fact source=fe80::10\n0 syn target < icmp=1/2 from=r1 ttl=64 q=64\n"
      "0 bad-syn target < icmp=1/2 from=r1 ttl=64 q=64\n0.01 syn control < icmp=1/2 from=r1 "
      "ttl=64 q=64\n0 connect returns=EHOSTUNREACH < icmp=1/2 from=r1 ttl=64\n";
  CHECK(verdict_of(lines, Family::ipv6) == "unreachable: this-host 0..0 strong: local-route");
}

TEST_CASE("A source address that is good on this link only, and nobody says anything") {
  const auto family = each_family();
  const std::string source = family == Family::ipv4 ? "169.254.7.7" : "fe80::10";
  const auto lines = "fact source=" + source + " ends=6\n0 syn target x3\n0 syn control x3\n";
  CHECK(verdict_of(lines, family) == "dropped: this-host 0..0 weak: local-route");
}

TEST_CASE("A host on this very link answers a link-local source") {
  const auto lines =
      "fact source=fe80::10 on-link\n0 syn target < rst-ack ttl=64 marked\n"
      "0 connect returns=ECONNREFUSED < rst-ack ttl=64\n"
      "0 syn control < rst-ack ttl=64 marked\n";
  CHECK_THAT(verdict_of(lines, Family::ipv6), begins_with("refused: destination"));
}

namespace {

/// Each SYN comes in again with so many hops less to go, until none is left or once.
Run sent_back(const std::string& lines, Family family, unsigned hops, bool forwards) {
  auto run = run_of(lines, family);
  std::vector<Observation> all;
  for (const auto& seen : run.observations) {
    all.push_back(seen);
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    if (!segment || !segment->is_syn()) continue;
    auto copy = seen;
    while (copy.hop_limit.value > hops) {
      copy.hop_limit.value = static_cast<std::uint8_t>(copy.hop_limit.value - hops);
      all.push_back(copy);
      if (!forwards) break;
    }
  }
  std::uint64_t frame = 0;
  for (auto& seen : all) seen.frame = {++frame};
  run.observations = std::move(all);
  return run;
}

const std::string nobody_answers =
    "0 connect\n0 syn target x3\n0.1 syn target @1 < te from=r1 ttl=64\n"
    "0.1 syn target @2\n0.1 syn control @1 < te from=r1 ttl=64\n0 syn control x3\nfact ends=6\n";

}  // namespace

TEST_CASE("The gateway sends packets back to this machine") {
  const auto family = each_family();
  const auto analysis = analyse(sent_back(nobody_answers, family, 1, false));
  CHECK(in_one_line(analysis.verdict) == "dropped: router 1..1 strong: routing-loop");
  CHECK(analysis.verdict.culprit.where.address == address_of("r1", family));
  CHECK(analysis.packets.seen_leaving == 9);
  CHECK_THAT(caveats_of(analysis.verdict), !mentions("hop-limit-rewritten"));
}

TEST_CASE("The gateway sends packets back to this machine, which forwards them") {
  const auto family = each_family();
  CHECK(in_one_line(analyse(sent_back(nobody_answers, family, 1, true)).verdict) ==
        "unreachable: router 1..1 strong: routing-loop");
}

TEST_CASE("Packets come back over two routers") {
  const auto family = each_family();
  CHECK(in_one_line(analyse(sent_back(nobody_answers, family, 2, false)).verdict) ==
        "dropped: between 1..2 strong: routing-loop");
}

TEST_CASE("A copy that the link shows, of what a router passes on by the link it came from") {
  const auto family = each_family();
  const auto run =
      sent_back(nobody_answers + "0.1 syn target @3 < te from=r3 ttl=62\n", family, 1, false);
  CHECK_THAT(in_one_line(analyse(run).verdict), !mentions("routing-loop"));
}

TEST_CASE("Silence while the interface, the address or the route went away is no evidence") {
  const auto family = each_family();
  const auto dropped = "0 syn target x3\n" + closed_control(4) + passes("target", 1, 3) +
                       "0.2 syn target @4 x3\nfact ends=6\n";
  CHECK(verdict_of(dropped, family).starts_with("dropped"));
  CHECK(verdict_of(dropped + "fact interface-lost\n", family).starts_with("inconclusive"));
}
