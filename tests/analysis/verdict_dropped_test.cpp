// "Silence": the lines of the measured decision table. Chain: client, r1, r2, r3, host at hop 4.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/trace_words.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// Three SYNs in vain; the routers up to `last` pass them, then silence.
std::string silent_after(int last) {
  return "0 syn target x3\n" + passes("target", 1, last) +
         fmt::format("0.3 syn target @{} x3\n0.3 syn target @{} x3\n", last + 1, last + 2) +
         "fact ends=6\n";
}

const std::string no_bad_checksum_answer = "0.4 bad-syn target x2\n";
const std::string fin_answered_elsewhere = "0.5 fin control x3 < rst-ack ttl=61 marked\n";
const std::string ack_answered_elsewhere = "0.5 ack control x3 < rst ttl=61 marked\n";
const std::string ping = "0.4 echo < echo-reply ttl=61\n";

std::string alive() {
  return closed_control(4) + ping + fin_answered_elsewhere + ack_answered_elsewhere;
}

/// The control flow meets other routers from hop 2 on; `end`: what it meets behind them.
std::string another_way(const std::string& end) {
  return silent_after(3) + no_bad_checksum_answer + ping +
         "0.05 syn control < rst-ack ttl=61 marked\n"
         "0.06 syn control @1 < te from=r1 ttl=64\n"
         "0.06 syn control @2 < te from=r2b ttl=63\n"
         "0.06 syn control @3 < te from=r3b ttl=62\n" +
         end + "0.5 ack target x3\n0.5 fin target x3\n" + fin_answered_elsewhere +
         ack_answered_elsewhere;
}

}  // namespace

TEST_CASE("Every probe to the port silent, the host alive: the last router, the link, the host",
          "[line-36]") {
  const auto family = each_family();
  const auto lines =
      silent_after(3) + no_bad_checksum_answer + alive() + "0.5 ack target x3\n0.5 fin target x3\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 3..4 strong: filter-drop / answer-lost 1..4");
}

TEST_CASE(
    "A long way back of the host leaves the drop at its place; hidden hops are a rarer cause") {
  const auto family = each_family();
  auto lines =
      silent_after(3) + no_bad_checksum_answer + alive() + "0.5 ack target x3\n0.5 fin target x3\n";
  for (auto at = lines.find("ttl=61"); at != std::string::npos; at = lines.find("ttl=61", at))
    lines.replace(at, 6, "ttl=59");
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(verdict.culprit.where.first_hop == 3);
  CHECK(verdict.culprit.where.last_hop == 4);
  CHECK(verdict.culprit.confidence < Confidence::certain);
  CHECK(std::ranges::any_of(verdict.explanations, [](const Explanation& other) {
    return other.rank == 2 && other.mechanism == Mechanism::filter_drop &&
           other.where.last_hop == 6;
  }));
}

TEST_CASE("A router that turns all other ports away is no sign of the host") {
  const auto family = each_family();
  const auto lines = silent_after(4) + "0.1 syn control < rst-ack ttl=63\n" +
                     passes("control", 1, 2) + "0.2 syn control @3 < rst-ack ttl=63\n" +
                     "0.5 echo x3\n0.5 ack target x3\n0.5 fin target x3\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 4..5 weak: host-silent filter-drop blackhole");
  CHECK_FALSE(analyse(run_of(lines, family)).path.distance.destination);
}

TEST_CASE("A RST from where routers pass the port on is no sign of the host") {
  const auto family = each_family();
  const auto lines = silent_after(4) + "0.1 syn control < rst-ack ttl=63\n" +
                     passes("control", 1, 1) + "0.2 syn control @2 < rst-ack ttl=63\n" +
                     "0.5 echo x3\n0.5 ack target x3\n0.5 fin target x3\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 4..5 weak: host-silent filter-drop blackhole");
}

TEST_CASE("A RST that comes over fewer routers than it takes to get it, and no router is heard") {
  const auto family = each_family();
  const auto lines = "0 connect\n0 syn target x3\n" + std::string("0.2 syn target @1 x3\n") +
                     "0.2 syn target @2 x3\n0.2 syn target @3 x3\n0.2 syn target @4 x3\n"
                     "0.1 syn control < rst-ack ttl=63\n0.2 syn control @2 x3\n"
                     "0.2 syn control @3 < rst-ack ttl=63\n0.5 echo x3\n0.5 ack target x3\n"
                     "0.5 fin target x3\nfact ends=5\n";
  CHECK_THAT(verdict_of(lines, family), mentions("host-silent"));
  CHECK_THAT(verdict_of(lines, family), mentions("weak"));
}

TEST_CASE("Mute routers before the host may have passed the SYN on") {
  const auto family = each_family();
  const auto lines = silent_after(2) + no_bad_checksum_answer +
                     "0.05 syn control < rst-ack ttl=59 "
                     "marked\n" +
                     passes("control", 1, 2) +
                     "0.2 syn control @3 x3\n0.2 syn control @4 x3\n"
                     "0.2 syn control @5 < rst-ack ttl=60 marked\n" +
                     ping + fin_answered_elsewhere + ack_answered_elsewhere +
                     "0.5 ack target x3\n0.5 fin target x3\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: between 2..5 weak"));
}

TEST_CASE("The SYN passes r2 and is seen no more, the control flow goes on to r3") {
  const auto family = each_family();
  const auto lines =
      silent_after(2) + no_bad_checksum_answer + alive() + "0.5 ack target x3\n0.5 fin target x3\n";
  CHECK(verdict_of(lines, family) == "dropped: between 2..3 strong: filter-drop");
}

TEST_CASE("The control flow takes another way: where it gets to says nothing of the port's way") {
  const auto family = each_family();
  const auto lines = another_way(
      "0.06 syn control @4 < te from=r3 ttl=62\n"
      "0.06 syn control @5 < rst-ack ttl=61 marked\n");
  CHECK(verdict_of(lines, family) == "dropped: between 3..5 weak: filter-drop / answer-lost 1..5");
  const auto verdict = analyse(run_of(lines, family)).verdict;
  for (const auto& why : verdict.explanations.front().because)
    CHECK_THAT(why.text.str(), !mentions("treated differently"));
}

TEST_CASE("Another way of the control flow: the next device on the port's own is near enough") {
  const auto family = each_family();
  const auto lines = another_way("0.06 syn control @4 < rst-ack ttl=61 marked\n");
  CHECK(verdict_of(lines, family) ==
        "dropped: between 3..4 strong: filter-drop / answer-lost 1..4");
}

TEST_CASE("Two ways that meet again in one router, at the same hop, are as long as each other") {
  const auto family = each_family();
  const auto lines = silent_after(3) + no_bad_checksum_answer + ping +
                     "0.05 syn control < rst-ack ttl=60 marked\n"
                     "0.06 syn control @1 < te from=r1 ttl=64\n"
                     "0.06 syn control @2 < te from=r2b ttl=63\n"
                     "0.06 syn control @3 < te from=r3 ttl=62\n"
                     "0.06 syn control @4 < te from=r4 ttl=61\n"
                     "0.06 syn control @5 < rst-ack ttl=60 marked\n"
                     "0.5 ack target x3\n0.5 fin target x3\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: between 3..4 strong: filter-drop"));
}

TEST_CASE("A drop before the hop-limit check of r2: between r1 and r2") {
  const auto family = each_family();
  const auto lines =
      silent_after(1) + no_bad_checksum_answer + alive() + "0.5 ack target x3\n0.5 fin target x3\n";
  CHECK(verdict_of(lines, family) == "dropped: between 1..2 strong: filter-drop");
}

TEST_CASE("SYN silent, ACK and FIN answered: a SYN filter, and the port is closed", "[line-33]") {
  const auto family = each_family();
  const auto lines = silent_after(3) + alive() +
                     "0.5 ack target x3 < rst ttl=61 marked\n"
                     "0.5 fin target x3 < rst-ack ttl=61 marked\n";
  CHECK(verdict_of(lines, family) == "dropped: between 3..4 strong: syn-filter");
}

TEST_CASE("SYN silent, ACK answered, FIN silent: queue, SYN filter or lost answer", "[line-34]") {
  const auto family = each_family();
  const auto lines =
      silent_after(3) + alive() + "0.5 ack target x3 < rst ttl=61 marked\n0.5 fin target x3\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 3..4 strong: syn-filter accept-queue-full 4..4 / answer-lost 1..4");
}

TEST_CASE("SYN and ACK silent, FIN answered: new connections dropped, the port closed",
          "[line-35]") {
  const auto family = each_family();
  const auto lines =
      silent_after(3) + alive() + "0.5 ack target x3\n0.5 fin target x3 < rst-ack ttl=61 marked\n";
  CHECK(verdict_of(lines, family) == "dropped: between 3..4 strong: syn-filter");
}

TEST_CASE(
    "A forwarded port is silent: what the forwarding device answers says nothing of the host "
    "behind",
    "[trap-06]") {
  // Found in the lab: the FIN is INVALID to connection tracking, so the device at hop 3 resets it.
  const auto family = each_family();
  const auto lines = "0 syn target x3\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < te from=server ttl=62\n0.3 syn target @4 x3\n"
                     "0.05 syn control < rst-ack ttl=62 marked\n" +
                     passes("control", 1, 2) +
                     "0.2 syn control @3 < rst-ack ttl=62 marked\nfact ends=6\n"
                     "0.5 fin target x3 < rst-ack ttl=62 marked\n"
                     "0.5 fin control x3 < rst-ack ttl=62 marked\n"
                     "0.5 ack control x3 < rst ttl=62 marked\n";
  SECTION("no segment of any kind comes back from behind it") {
    CHECK(
        verdict_of(lines + "0.5 ack target x3\n", family) ==
        "dropped: between 3..4 weak: port-forward 4..4 filter-drop host-silent / answer-lost 1..4");
  }
  SECTION("what it says of a connection tried before is not ours, but may be the same") {
    // The lab: packets of an earlier run waited for the same ARP entry, and were told of first.
    const auto verdict = analyse(run_of(lines + "0.5 ack target x3\n1.5 syn target < icmp=host "
                                                "from=server ttl=62 quoted-source-port=4242 "
                                                "quoted-seq=wrong\n",
                                        family))
                             .verdict;
    CHECK_THAT(in_one_line(verdict),
               mentions("weak: port-forward 4..4 filter-drop host-silent / answer-lost 1..4 "
                        "host-down"));
    CHECK_THAT(verdict.explanations.back().because.back().text.str(),
               mentions("of another connection from here"));
  }
  SECTION("the device answers the ACK itself, too") {
    CHECK(
        verdict_of(lines + "0.5 ack target x3 < rst ttl=62 marked\n", family) ==
        "dropped: between 3..4 weak: port-forward 4..4 filter-drop host-silent / answer-lost 1..4");
  }
  SECTION("an ACK is answered from behind it: only the SYN is missing there") {
    CHECK(verdict_of(lines + "0.5 ack target x3 < rst ttl=61 marked\n", family) ==
          "dropped: between 3..4 strong: port-forward 4..4 syn-filter accept-queue-full 4..4 / "
          "answer-lost 1..4");
  }
}

TEST_CASE("Nothing of any kind beyond a hop: three explanations, none preferred", "[line-37]") {
  const auto family = each_family();
  const auto lines = silent_after(3) + passes("control", 1, 3) +
                     "0.05 syn control x3\n0.3 syn control @4 x3\n0.4 echo x3\n"
                     "0.5 ack target x3\n0.5 fin target x3\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 3..4 weak: host-silent filter-drop blackhole");
}

TEST_CASE("Silent routers widen the interval, they do not shift it") {
  const auto family = each_family();
  // r1 and r3 send no time exceeded; r2 drops in FORWARD.
  const auto lines =
      "0 syn target x3\n0.2 syn target @1\n0.2 syn target @2 < te from=r2 ttl=63\n"
      "0.3 syn target @3 x3\n0.3 syn target @4 x3\n"
      "0.05 syn control < rst-ack ttl=61 marked\n0.2 syn control @1\n"
      "0.2 syn control @2 < te from=r2 ttl=63\n0.2 syn control @3\n"
      "0.2 syn control @4 < rst-ack ttl=61 marked\n0.5 ack target x3\n"
      "0.5 fin target x3\nfact ends=6\n" +
      ping;
  // The SYN passed r2 and r3 tells nothing: the host's own filter fits too, and so does the way
  // back.
  const auto verdict = verdict_of(lines, family);
  CHECK_THAT(verdict, begins_with("dropped: between 2..4 strong: filter-drop"));
}

TEST_CASE("No ICMP at all comes back: nothing prefers the way there to the way back") {
  const auto family = each_family();
  const auto lines =
      "0 syn target x3\n0.2 syn target @1\n0.2 syn target @2\n0.2 syn target @3\n"
      "0.3 syn target @4 x3\n0.05 syn control < rst-ack ttl=61 marked\n"
      "0.2 syn control @1\n0.2 syn control @2\n0.2 syn control @3\n"
      "0.2 syn control @4 < rst-ack ttl=61 marked\nfact ends=6\n";
  CHECK(verdict_of(lines, family) == "dropped: between 1..4 strong: filter-drop answer-lost");
  CHECK(caveats_of(lines, family) == "no-icmp");
}

TEST_CASE("Silence is worth less when the capture lost packets or few were asked") {
  const auto complete = silent_after(3) + alive() + "0.5 ack target x3\n0.5 fin target x3\n";
  CHECK_THAT(verdict_of(complete + "fact dropped=3\n"), begins_with("dropped: between 3..4 weak:"));
  CHECK(caveats_of(complete + "fact dropped=3\n") == "capture-drops");
  const auto once = "0 syn target\n" + passes("target", 1, 3) + alive() + "fact ends=6\n";
  CHECK_THAT(verdict_of(once), begins_with("dropped: between 3..4 weak:"));
}

TEST_CASE("An interrupted run does not call an unfinished wait silence") {
  const auto lines = silent_after(3) + alive() + "fact interrupted\n";
  CHECK(verdict_of(lines) == "inconclusive: unknown weak:");
  CHECK(caveats_of(lines).find("interrupted") != std::string::npos);
}

TEST_CASE("A hop-1 NAT eats lone ACKs and FINs: their silence to the port is no evidence",
          "[line-38]") {
  const auto family = each_family();
  // The control port's ACK and FIN vanish as well, so the port's do not tell a filter from a queue.
  const auto lines = silent_after(3) + closed_control(4) + ping +
                     "0.5 ack target x3\n0.5 fin target x3\n0.5 ack control x3\n"
                     "0.5 fin control x3\n";
  const auto verdict = verdict_of(lines, family);
  CHECK_THAT(verdict, begins_with("dropped: between 3..4 strong: filter-drop"));
}

TEST_CASE("... and then an accept queue or a SYN filter fit just as well") {
  const auto lines = silent_after(3) + closed_control(4) + ping +
                     "0.5 ack target x3\n0.5 fin target x3\n0.5 ack control x3\n"
                     "0.5 fin control x3\n";
  const auto verdict = verdict_of(lines);
  CHECK_THAT(verdict, mentions("syn-filter"));
  CHECK_THAT(verdict, mentions("accept-queue-full"));
}

TEST_CASE("A dropping host on this machine's own link: itself, there is no way to speak of") {
  const auto family = each_family();
  const auto lines = "fact on-link\n0 syn target x3\n0.2 syn target @1 x3\n" + closed_control(1) +
                     "0.3 echo < echo-reply ttl=64\n0.4 ack target x3\n0.4 fin target x3\n"
                     "fact ends=4\n";
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) == "dropped: destination 1..1 strong: filter-drop / answer-lost");
  CHECK(verdict.culprit.where.address == address_of("server", family));
}

TEST_CASE("What a rule of this machine does to its own port is done at hop 0") {
  const auto family = each_family();
  const auto lines =
      "fact local-target on-link ends=3\n0 syn target x3\n0 connect syns=3\n"
      "0 syn control < rst-ack ttl=64 marked\n0.5 ack target x2\n";
  CHECK(verdict_of(lines, family) == "dropped: destination 0..0 strong: filter-drop answer-lost");
}

TEST_CASE("The SYN/ACK comes from another address: an answer, and nobody's to take") {
  const auto family = each_family();
  const auto lines = "0 syn target x3 < syn-ack ttl=61 from=stranger\nfact ends=6\n" +
                     passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of(lines + "0.3 syn target @4 x3 < syn-ack ttl=61 from=stranger\n", family) ==
        "dropped: between 1..4 strong: answer-lost");
  const auto forged = "0 syn target x3 < syn-ack ttl=61 from=stranger ack=wrong\nfact ends=6\n" +
                      passes("target", 1, 3) + closed_control(4);
  CHECK_THAT(verdict_of(forged, family), mentions("filter-drop"));
}

TEST_CASE("A router says that it did not pass the SYN on, in words on which no stack gives up") {
  // Found in the lab: r2 drops, and quotes the SYN in "packet too big".
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const std::string too_big = family == Family::ipv4 ? "3/4" : "2/0";
  const auto told = " < icmp=" + too_big + " from=r2 ttl=63 mtu=40 q=";
  const auto lines = "0 syn target x3" + told + "62\n" + passes("target", 1, 2) +
                     "0.2 syn target @3" + told + "1\n" + closed_control(4) + "fact ends=5\n";
  const auto analysis = analyse(run_of(lines, family));
  const auto& verdict = analysis.verdict;
  CHECK(in_one_line(verdict) == "dropped: router 2..2 strong: icmp-reject-router");
  REQUIRE(analysis.icmp);
  CHECK(analysis.icmp->from == address_of("r2", family));
  CHECK(analysis.path.hops.at(1).target_flow == FlowState::blocked);
  CHECK(analysis.path.hops.at(2).target_flow == FlowState::not_asked);
  CHECK_THAT(verdict.explanations.at(0).because.at(0).text.str(), mentions("did not pass them on"));
  CHECK_THAT(verdict.explanations.at(0).because.at(1).text.str(), mentions("far smaller"));
  // Then others were passed on: that message is not all there is.
  const auto passed = "0 syn target x3" + told + "62\n" + passes("target", 1, 3) +
                      closed_control(4) + "fact ends=5\n";
  CHECK_THAT(verdict_of(passed, family), begins_with("dropped: between 3..4 "));
}

TEST_CASE(
    "The capture is above the links that packets leave by: a rule of this machine there fits") {
  const auto family = each_family();
  const auto lines =
      "0 connect\n0 syn target x3\n0.1 syn target @1 x3\n" + closed_control(4) + "fact ends=6\n";
  const auto above = lines + "fact on-other-links\n";
  CHECK(verdict_of(lines, family) == "dropped: router 1..1 strong: filter-drop");
  CHECK(verdict_of(above, family) ==
        "dropped: router 1..1 strong: filter-drop / local-output-filter 0..0");
  CHECK(analyse(run_of(above, family)).app_sees.error == ETIMEDOUT);
}

TEST_CASE("... and for answers, where SYNs are seen to pass") {
  const auto lines = "0 connect\n0 syn target x3\n" + passes("target", 1, 3) +
                     "0.1 syn target @4 x3\n" + closed_control(4) + "fact ends=6 on-other-links\n";
  CHECK(verdict_of(lines, each_family()) ==
        "dropped: between 3..4 strong: filter-drop / answer-lost 1..4 local-input-filter 0..0");
}

TEST_CASE("A redirect passes the SYN on: its sender drops nothing") {
  const auto lines = "0 syn target x3 < icmp=5/1 from=r1 ttl=64 q=64\n" + passes("target", 1, 2) +
                     "0.2 syn target @3\n" + closed_control(4) + "fact ends=5\n";
  CHECK_THAT(verdict_of(lines), begins_with("dropped: between 2..4 "));
}

TEST_CASE("Nobody answers, and the gateway was not heard of either: it may not be there") {
  const auto family = each_family();
  const std::string silent =
      "0 connect syns=3\n0 syn target x3\n0 syn target @1 x3\n0 syn control x3\n"
      "0 syn control @1 x3\n0 echo x3\nfact ends=5\n";
  CHECK_THAT(verdict_of(silent, family), ends_with(" / local-neighbour 0..1"));
  CHECK_THAT(verdict_of("0 arp r1 answered\n" + silent, family), !mentions("local-neighbour"));
  CHECK_THAT(verdict_of(silent + "1 syn control @1 < te from=r1 ttl=64\n", family),
             !mentions("local-neighbour"));
}

TEST_CASE("Nothing came back by a tunnel: its other end is looked at before all others") {
  const auto family = each_family();
  const std::string silent =
      "0 connect syns=3\n0 syn target x3\n0 syn target @1 x3\n0 syn control x3\n"
      "0 syn control @1 x3\n0 echo x3\nfact ends=5 on-link point-to-point\n";
  const auto verdict = analyse(run_of(silent, family)).verdict;
  CHECK(verdict.explanations.front().mechanism == Mechanism::local_neighbour);
  CHECK(verdict.explanations.front().rank == 1);
  CHECK(verdict.culprit.where.first_hop == 0);
  CHECK_THAT(verdict_of(silent + "1 syn control @1 < te from=r1 ttl=64\n", family),
             !mentions("local-neighbour"));
}

TEST_CASE("A source address of a site has no way back over the Internet") {
  const auto told = [](const char* source) {
    const auto lines = std::string("fact ends=5 source=") + source +
                       "\n0 connect syns=3\n0 syn target x3\n0 syn control x3\n0 echo x3\n";
    auto run = run_of(lines, Family::ipv6);
    run.goal.target.address = *IpAddress::parse("2600::1");
    return analyse(run).verdict.explanations.front().because.back().text.str();
  };
  CHECK_THAT(told("fd00::5"), mentions("the Internet has no way back"));
  CHECK_THAT(told("2600:1::5"), !mentions("the Internet has no way back"));
}

TEST_CASE("The last router says of another connection, tried just before, that the host is down") {
  const auto family = each_family();
  const auto told = [&](const std::string& by) {
    return verdict_of(silent_after(3) + "0 syn control x3\n" + passes("control", 1, 3) +
                          "0.4 echo x3\n1.5 syn target < icmp=host " + by +
                          " quoted-source-port=4242 quoted-seq=wrong\n",
                      family);
  };
  CHECK(told("from=r3 ttl=62") ==
        "dropped: between 3..4 weak: host-down 4..4 host-silent filter-drop blackhole");
  // Not as far from here as that router always is, or not the one that passes the SYNs last.
  const auto rarer = "dropped: between 3..4 weak: host-silent filter-drop blackhole / host-down";
  CHECK_THAT(told("from=r3 ttl=61"), begins_with(rarer));
  CHECK_THAT(told("from=r2 ttl=63"), begins_with(rarer));
}

TEST_CASE("Routers keep messages back: a host that is down or a missing route may be among them") {
  const auto family = each_family();
  const auto lines = "0 syn target x3\n" + passes("target", 1, 1) +
                     "0.3 syn target @1\n0.3 syn target @2 x3\n0.3 syn target @3 x3\n"
                     "0 syn control x3\n0.2 syn control @1\n0.4 echo x3\nfact ends=6\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 1..2 weak: host-silent filter-drop blackhole / host-down no-route");
}

TEST_CASE("A router that tells of one flow and not of the other has few messages to send") {
  const auto family = each_family();
  const auto lines =
      "0 syn target x3\n0.4 syn target @1 < te from=r1 ttl=64\n0.41 syn target @2 x3\n"
      "0.4 syn control @1 x2\n0.41 syn control @2 x3\n0.5 syn control x3\n0.6 echo x3\nfact "
      "ends=4.2\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: between 1..2 weak: host-silent filter-drop blackhole / host-down no-route");
}
