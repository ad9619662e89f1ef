// "RST to the SYN": the lines of the measured decision table, in both families. Chain: client, r1,
// r2, r3, host at hop 4; every box starts its packets at 64, so that r1 reads 64, r2 63, r3 62, the
// host 61.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// The port's walk: routers pass it up to `last`, then the RST.
std::string reset_after(int last, const std::string& rst) {
  return passes("target", 1, last) + "0.21 syn target @" + std::to_string(last + 1) + " < " + rst +
         "\n";
}

}  // namespace

TEST_CASE("A RST with the mark, from the host's own distance, is a closed port", "[line-07]") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61 marked\n" +
                     reset_after(3, "rst-ack ttl=61 marked") + closed_control(4);
  CHECK(verdict_of(lines, family) == "refused: destination 4..4 strong: closed-port");
  const auto ping = lines +
                    "0.01 connect returns=ECONNREFUSED < rst-ack ttl=61\n"
                    "0.3 echo < echo-reply ttl=61\n";
  CHECK(verdict_of(ping, family) == "refused: destination 4..4 certain: closed-port");
}

TEST_CASE(
    "A RST with the mark to a SYN without it: the path writes the mark, and it tells nothing") {
  const auto family = each_family();
  const auto verdict = [&](const std::string& rst) {
    return verdict_of("0 syn target < " + rst + "\n0.01 connect returns=ECONNREFUSED < " + rst +
                          "\n" + reset_after(3, rst) + closed_control(4) +
                          "0.3 echo < echo-reply ttl=61\n",
                      family);
  };
  // The host's other RST has a flow label, which nobody writes on the way.
  CHECK(verdict("rst-ack ttl=61 tos=0x48") ==
        (family == Family::ipv4
             ? "refused: destination 4..4 strong: closed-port host-firewall-reset"
             : "refused: destination 4..4 strong: host-firewall-reset"));
  CHECK(verdict("rst-ack ttl=61 tos=0x48 label=7") ==
        (family == Family::ipv4
             ? "refused: destination 4..4 strong: closed-port host-firewall-reset"
             : "refused: destination 4..4 certain: closed-port"));
}

TEST_CASE("The answers take ways back of two lengths, by the flow: no box copies our hop limit") {
  const auto family = each_family();
  const auto verdict = [&](const std::string& mark) {
    const auto rst = "rst-ack ttl=60" + mark;
    const auto own =
        std::string("rst-ack ttl=61") + (family == Family::ipv6 && !mark.empty() ? " label=7" : "");
    return verdict_of("0 syn target < " + rst + "\n0.01 connect returns=ECONNREFUSED < " + own +
                          "\n" + reset_after(3, rst) + "0.2 syn target @5 < " + rst + "\n" +
                          closed_control(4) + "0.3 syn control lane=1 < rst-ack ttl=60 marked\n" +
                          "0.3 echo < echo-reply ttl=61\n",
                      family);
  };
  CHECK(verdict(" marked") ==
        "refused: destination 4..4 strong: closed-port / middlebox-reset 3..4");
  CHECK_THAT(verdict(""), mentions("host-firewall-reset"));
  CHECK_THAT(verdict(""), !mentions("injected-reset"));
}

TEST_CASE("On one flow the hop limit of the RST follows that of the probe: a box copies it") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61\n" + passes("target", 1, 2) +
                     "0.2 syn target @4 < rst-ack ttl=1\n0.2 syn target @3 < rst-ack ttl=0\n" +
                     closed_control(4);
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) == "refused: router 2..2 strong: middlebox-reset injected-reset");
  // What places it is told, with its packets.
  const std::string limit = family == Family::ipv4 ? "TTL" : "hop limit";
  const auto tells = [&](const std::string& text, std::size_t packets) {
    return std::ranges::count_if(verdict.explanations, [&](const Explanation& found) {
             return std::ranges::any_of(found.because, [&](const Evidence& one) {
               return one.text.str().find(text) != std::string::npos &&
                      one.packets.size() == packets;
             });
           }) == 2;
  };
  CHECK(tells("A SYN sent with " + limit +
                  " 64 drew a RST that arrived with 61, one sent with 3 a "
                  "RST with 0: a box copies",
              4));
  CHECK(tells("lost 3 together, one at each router: 2 up to hop 2 (", 1));
  CHECK(tells(") on the way there and 1 on the way back from it, as many as its own messages lose.",
              1));
}

TEST_CASE("An echoed mark is certain only where a SYN without it draws a RST without it") {
  const auto lines = "0 syn target < rst-ack ttl=61 marked\n" +
                     reset_after(3, "rst-ack ttl=61 marked") + closed_control(4) +
                     "0.3 echo < echo-reply ttl=61\n";
  CHECK(verdict_of(lines) == "refused: destination 4..4 strong: closed-port");
  CHECK(verdict_of(lines + "0.01 connect returns=ECONNREFUSED < rst-ack ttl=61\n") ==
        "refused: destination 4..4 certain: closed-port");
}

TEST_CASE("A RST to connect() without a flow label speaks against a stack of Linux") {
  const auto verdict =
      analyse(run_of("0 connect returns=ECONNREFUSED < rst-ack ttl=61\n", Family::ipv6)).verdict;
  const auto& found = verdict.explanations;
  const auto closed = std::ranges::find(found, Mechanism::closed_port, &Explanation::mechanism);
  REQUIRE(closed != found.end());
  CHECK(closed == found.end() - 1);
  REQUIRE(closed->against.size() == 1);
  CHECK_THAT(closed->against.front().text.str(), mentions("flow label 0"));
  for (const auto& evidence : closed->because)
    CHECK_THAT(evidence.text.str(), !mentions("flow label 0"));
  CHECK_THAT(found.front().because.back().text.str(), mentions("flow label 0"));
}

TEST_CASE("A RST to connect() has a flow label: a stack's") {
  CHECK_THAT(verdict_of("0 connect returns=ECONNREFUSED < rst-ack ttl=61 label=7\n", Family::ipv6),
             ends_with("closed-port"));
}

TEST_CASE("A stack's own RST at hop 4 places it there, whatever the other flow's walk lost") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61 marked\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61 marked\n"
                     "0 syn control < rst-ack ttl=61 marked\n0.2 syn control @4\n"
                     "0.2 syn control @5\n0.2 syn control @6 < rst-ack ttl=61 marked\n"
                     "0 syn control lane=1\n";
  CHECK(verdict_of(lines, family) == "refused: destination 4..4 strong: closed-port");
}

TEST_CASE("Segments come back over one more router than messages: a RST from the way may as well") {
  // Found in the lab: a router that takes two off the hop limit of TCP packets on their way back.
  const auto family = each_family();
  const auto control = passes("control", 1, 3) + "0 syn control < rst-ack ttl=60 marked\n" +
                       "0.2 syn control @4 < rst-ack ttl=60 marked\n";
  const auto by_r2 = "0 syn target < rst-ack ttl=62\n" + reset_after(2, "rst-ack ttl=62");
  CHECK(verdict_of(by_r2 + control, family) == "refused: between 2..3 strong: middlebox-reset");
  const auto by_r3 = "0 syn target < rst-ack ttl=61\n" + reset_after(3, "rst-ack ttl=61");
  // Or something at hop 3 gives our probes a new hop limit, and the box stands behind it.
  CHECK(verdict_of(by_r3 + control, family) == "refused: between 3..4 strong: middlebox-reset");
}

TEST_CASE("A router gives packets a new hop limit: a RST from behind it is not put before it") {
  // Found in the lab: r2 writes 64, so that hop 2 seems to be the host; r3 resets.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=62\n" + reset_after(1, "rst-ack ttl=62") +
                     passes("control", 1, 1) + "0 syn control < rst-ack ttl=61 marked\n" +
                     "0.2 syn control @2 < rst-ack ttl=61 marked\n";
  CHECK(verdict_of(lines, family) == "refused: between 1..3 strong: middlebox-reset");
}

TEST_CASE("Other flows to the control port are answered from where the RST comes: a second host") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + reset_after(1, "rst-ack ttl=63") +
                     closed_control(4) + "0.3 syn control lane=1 < rst-ack ttl=63 marked\n";
  CHECK(verdict_of(lines, family) ==
        "refused: router 2..2 strong: middlebox-reset host-firewall-reset");
}

TEST_CASE("The port's flow takes a shorter way to the host: its own RST is not put on a router") {
  const auto family = each_family();
  const auto flows = [](const std::string& mark) {
    return "0 syn target < rst-ack ttl=61" + mark + "\n" + reset_after(3, "rst-ack ttl=61" + mark) +
           "0.05 syn control < rst-ack ttl=61 marked\n" + passes("control", 1, 2) +
           "0.2 syn control @3 < te from=r5 ttl=62\n0.2 syn control @4 < te from=r3 ttl=62\n"
           "0.2 syn control @5 < rst-ack ttl=61 marked\n";
  };
  CHECK(verdict_of(flows(" marked"), family) ==
        "refused: destination 4..4 strong: closed-port / middlebox-reset 3..4");
  CHECK_THAT(verdict_of(flows(""), family), mentions("host-firewall-reset"));
}

TEST_CASE("A RST without the mark, where the control port's has it, is a rule on the host",
          "[line-08]") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < rst-ack ttl=61\n" + reset_after(3, "rst-ack ttl=61") + closed_control(4);
  CHECK(verdict_of(lines, family) == "refused: destination 4..4 strong: host-firewall-reset");
}

TEST_CASE(
    "A RST of another initial hop limit at the host's place: a rule there or a box before it") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < rst-ack ttl=252\n" + reset_after(3, "rst-ack ttl=252") + closed_control(4);
  CHECK(verdict_of(lines, family) ==
        "refused: between 3..4 strong: host-firewall-reset 4..4 middlebox-reset");
  CHECK(verdict_of(lines + "0.3 bad-syn target < rst-ack ttl=252\n", family) ==
        "refused: between 3..4 strong: middlebox-reset / host-firewall-reset 4..4");
}

TEST_CASE(
    "A RST without the mark, as far from here as the host and as the router before it: either") {
  // Found in the lab: the host's answers came back over other routers, as many as the router's had.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < te from=r3 ttl=61\n0.2 syn target @4 < rst-ack ttl=61\n" +
                     closed_control(4);
  CHECK(verdict_of(lines, family) ==
        "refused: between 3..4 strong: host-firewall-reset 4..4 middlebox-reset 3..3");
}

TEST_CASE("A FORWARD reject: the hop whose way back the RST came, after its hop-limit check",
          "[line-09]") {
  const auto family = each_family();
  const int hop = GENERATE(1, 2, 3);
  const auto rst = "rst-ack ttl=" + std::to_string(65 - hop);
  const auto lines = "0 syn target < " + rst + "\n" + reset_after(hop, rst) + "0.22 syn target @" +
                     std::to_string(hop + 2) + " < " + rst + "\n" + closed_control(4);
  const auto place = std::to_string(hop) + ".." + std::to_string(hop);
  CHECK(verdict_of(lines, family) == "refused: router " + place + " strong: middlebox-reset");
}

TEST_CASE("A PREROUTING or ingress reject answers before the hop-limit check", "[line-10]") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + reset_after(1, "rst-ack ttl=63") +
                     "0.22 syn target @3 < rst-ack ttl=63\n" + closed_control(4);
  CHECK(verdict_of(lines, family) == "refused: router 2..2 strong: middlebox-reset");
}

TEST_CASE("What resets a wrong checksum may be a box without an address before the router") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + reset_after(1, "rst-ack ttl=63") +
                     closed_control(4) + "0.3 bad-syn target < rst-ack ttl=63\n";
  CHECK(verdict_of(lines, family) == "refused: between 1..2 strong: middlebox-reset");
}

TEST_CASE("A SYN-only reject: the SYN's RST has the hop's way back, the ACK's the host's",
          "[line-11]") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + reset_after(2, "rst-ack ttl=63") +
                     closed_control(4) + "0.3 ack target x2 < rst ttl=61 marked\n" +
                     "0.3 fin control x2 < rst-ack ttl=61 marked\n";
  SECTION("a listener behind it ignores a FIN") {
    const auto analysis = analyse(run_of(lines + "0.3 fin target x2\n", family));
    CHECK(in_one_line(analysis.verdict) == "refused: router 2..2 strong: middlebox-reset");
    CHECK(analysis.verdict.explanations.at(0).because.back().text.str().find(
              "is listening behind it") != std::string::npos);
  }
  SECTION("a closed port behind it resets the FIN") {
    const auto analysis =
        analyse(run_of(lines + "0.3 fin target < rst-ack ttl=61 marked\n", family));
    CHECK(analysis.verdict.explanations.at(0).because.back().text.str().find(
              "nothing listens there") != std::string::npos);
  }
}

TEST_CASE("pf writes ToS 0x10 into its RST", "[line-13]") {
  const auto lines = "0 syn target < rst-ack ttl=61 tos=0x10\n" +
                     reset_after(3, "rst-ack ttl=61 tos=0x10") + closed_control(4) +
                     "0.3 ack target < rst-ack ttl=61 tos=0x10\n";
  CHECK(verdict_of(lines) == "refused: destination 4..4 strong: host-firewall-reset");
}

TEST_CASE("pf blocks every port: the control port's RST has ToS 0x10 too", "[line-13]") {
  const auto lines = "0 syn target < rst-ack ttl=61 tos=0x10\n" +
                     reset_after(3, "rst-ack ttl=61 tos=0x10") +
                     "0.05 syn control < rst-ack ttl=61 tos=0x10\n" + passes("control", 1, 3) +
                     "0.25 syn control @4 < rst-ack ttl=61 tos=0x10\n";
  CHECK(verdict_of(lines) == "refused: destination 4..4 strong: host-firewall-reset");
}

TEST_CASE("Several RSTs to one SYN, or a RST beside a SYN/ACK: an injector", "[line-15]") {
  const auto family = each_family();
  const auto walk = passes("target", 1, 2) + closed_control(4);
  SECTION("three RSTs with odd windows") {
    const auto lines = walk +
                       "0 syn target < rst-ack ttl=52 win=1980 < rst-ack ttl=53 win=1981 "
                       "< rst-ack ttl=54 win=1982\n";
    CHECK_THAT(verdict_of(lines, family), begins_with("refused: "));
    CHECK_THAT(verdict_of(lines, family), ends_with(" injected-reset"));
  }
  SECTION("a RST raced the real answer") {
    const auto lines = walk + "0 syn target < rst-ack ttl=62 < syn-ack ttl=61 after=0.003\n" +
                       "0.2 syn target @3 < rst-ack ttl=62\n";
    CHECK(verdict_of(lines, family) == "refused: between 1..3 strong: injected-reset");
    // Nobody keeps state, which would keep back the RST to a SYN that another has followed.
    CHECK(verdict_of(lines + "0.2 fin control < rst-ack ttl=61 marked\n", family) ==
          "refused: between 2..3 strong: injected-reset");
  }
}

TEST_CASE("A RST with a window: small stacks leave theirs in it", "[line-15]") {
  const auto family = each_family();
  const std::string lines = "0 syn target < rst-ack ttl=61 win=5744\n";
  SECTION("nothing else is known of the host") {
    CHECK_THAT(verdict_of(lines + passes("target", 1, 3), family),
               ends_with(" injected-reset closed-port"));
  }
  SECTION("the host's other RSTs have it as well") {
    CHECK_THAT(
        verdict_of(lines + reset_after(3, "rst-ack ttl=61 win=5744") +
                       "0.05 syn control < rst-ack ttl=61 win=5744\n" + passes("control", 1, 3) +
                       "0.25 syn control @4 < rst-ack ttl=61 win=5744\n",
                   family),
        ends_with(": closed-port host-firewall-reset"));
  }
  SECTION("the host's other RSTs have none") {
    CHECK_THAT(verdict_of(lines + passes("target", 1, 2) + closed_control(4), family),
               ends_with(" injected-reset"));
  }
}

TEST_CASE("A network that sends packets twice is no injector") {
  const auto family = each_family();
  const std::string rst = "rst-ack ttl=61 marked";
  const auto twice = [&](const std::string& other) {
    return rst + " < " + other + " after=0.002\n";
  };
  const auto verdict = [&](const std::string& answers) {
    return verdict_of("0 syn target < " + answers + reset_after(3, rst) + closed_control(4),
                      family);
  };
  CHECK(verdict(twice(rst)) == "refused: destination 4..4 strong: closed-port");
  CHECK(verdict(twice(rst + " id=7 label=77")) == "refused: destination 4..4 strong: closed-port");
  CHECK_THAT(verdict(twice("rst-ack ttl=57 marked")), ends_with(" injected-reset"));
}

TEST_CASE("A missing mark is no witness where something on the way takes it off this flow") {
  const auto ends = reset_after(3, "rst-ack ttl=61") + closed_control(4);
  const std::string either = "refused: destination 4..4 strong: closed-port host-firewall-reset";
  SECTION("a router quotes our SYN without it") {
    const auto quoted = "0.21 syn target @3 < te from=r3 ttl=62 quoted-tos=0\n";
    CHECK(verdict_of("0 syn target < rst-ack ttl=61\n" + ends + quoted) == either);
  }
  SECTION("the RST has a class that no rule writes") {
    CHECK(verdict_of("0 syn target < rst-ack ttl=61 tos=0x60\n" + ends) == either);
  }
}

TEST_CASE("A stack's own RST, whose way back fits no hop nor ping's") {
  // Found in the lab: a firewall sent TCP on with a fresh TTL and left ping alone.
  const auto family = each_family();
  const std::string rst = "rst-ack ttl=63 marked";
  const auto lines = "0 syn target < " + rst + "\n" + reset_after(3, rst) + "0.05 syn control < " +
                     rst + "\n" + passes("control", 1, 3) + "0.25 syn control @4 < " + rst +
                     "\n0.3 echo < echo-reply ttl=61\n";
  CHECK(verdict_of(lines, family) ==
        "refused: destination 4..4 strong: closed-port / middlebox-reset 3..4");
}

TEST_CASE(
    "The port is sent over more routers than the control port, and is not at home where that is") {
  // Found in the lab: a routing rule for the port leads over r2b and r3b.
  const auto family = each_family();
  const auto control = passes("control", 1, 2) + "0.05 syn control < rst-ack ttl=62 marked\n" +
                       "0.2 syn control @3 < rst-ack ttl=62 marked\n";
  const auto way = passes("target", 1, 1) + "0.2 syn target @2 < te from=r2b ttl=63\n" +
                   "0.2 syn target @3 < te from=r3b ttl=62\n";
  const auto reset =
      "0 syn target < rst-ack ttl=62\n" + way + "0.2 syn target @4 < rst-ack ttl=62\n";
  // The host answers the control port over as few routers as r3b does: it may stand at hop 4.
  CHECK(verdict_of(reset + control, family) ==
        "refused: between 3..4 strong: host-firewall-reset 4..4 middlebox-reset 3..3");
  const auto closed = "0 syn target < rst-ack ttl=62 marked\n" + way +
                      "0.2 syn target @4 < te from=r2 ttl=63\n" +
                      "0.2 syn target @5 < rst-ack ttl=62 marked\n";
  CHECK(verdict_of(closed + control, family) == "refused: destination 5..5 strong: closed-port");
}

TEST_CASE(
    "The ways differ by more than chance: a hop number is not certain, and a box may be hidden") {
  // Found in the lab: r1 gives what it forwards a new hop limit, and three routers behind it never
  // show; or the host, right behind r1, sends its answers over three others.
  const auto family = each_family();
  const auto control = passes("control", 1, 1) + "0.05 syn control < rst-ack ttl=60 marked\n" +
                       "0.2 syn control @2 < rst-ack ttl=60 marked\n";
  const std::string closed = "rst-ack ttl=60 marked";
  const auto lines = "0 syn target < " + closed + "\n" + reset_after(1, closed) + control +
                     "0.3 echo < echo-reply ttl=60\n";
  CHECK(verdict_of(lines, family) == "refused: destination 2..2 strong: closed-port");
  CHECK(caveats_of(lines, family) == "hop-limit-rewritten");
  // Over two routers more than r1's messages: neither r1's nor the host's.
  const auto box = "0 syn target < rst-ack ttl=62\n" + reset_after(1, "rst-ack ttl=62") + control;
  CHECK(verdict_of(box, family) == "refused: between 2..3 strong: middlebox-reset");
  const auto silent =
      "0 syn target x3\n" + passes("target", 1, 1) + "0.2 syn target @2 x3\n" + control;
  CHECK(verdict_of(silent, family) ==
        "dropped: between 1..2 strong: filter-drop / answer-lost filter-drop 1..5");
  const auto one_more = passes("control", 1, 1) + "0.05 syn control < rst-ack ttl=62 marked\n" +
                        "0.2 syn control @2 < rst-ack ttl=62 marked\n";
  CHECK(caveats_of("0 syn target x3\n" + passes("target", 1, 1) + one_more, family).empty());
}

TEST_CASE("This machine's own rules write 64 into all it sends: no probe tells a hop") {
  const auto family = each_family();
  const std::string few = " @1 left-with=64", more = " @2 left-with=64";
  const auto walked = [&](const std::string& what, const std::string& answer) {
    return "0 syn " + what + answer + "\n0.2 syn " + what + few + answer + "\n0.2 syn " + what +
           more + answer + "\n";
  };
  const auto control = walked("control", " < rst-ack ttl=61 marked");
  const auto silent = "0 syn target x3\n" + walked("target", "") + control;
  CHECK(verdict_of(silent, family) == "dropped: between 1..4 strong: filter-drop answer-lost");
  CHECK(caveats_of(silent, family) == "hop-limit-rewritten");
  CHECK_THAT(verdict_of(walked("target", " < rst-ack ttl=63") + control, family),
             begins_with("refused: router 2..2 strong: middlebox-reset / "));
  CHECK_THAT(verdict_of(walked("target", " < rst-ack ttl=61 marked") + control, family),
             begins_with("refused: destination ") && ends_with(" strong: closed-port"));
}

TEST_CASE("A closed port of this very machine, by loopback") {
  const auto family = each_family();
  const auto lines =
      "fact local-target on-link\n0 syn target < rst-ack ttl=64 marked\n"
      "0.05 syn control < rst-ack ttl=64 marked\n";
  CHECK(verdict_of(lines, family) == "refused: destination 0..0 certain: closed-port");
}

TEST_CASE("A closed port on this machine's own link") {
  const auto family = each_family();
  const auto lines = "fact on-link\n0 syn target < rst-ack ttl=64 marked\n" +
                     reset_after(0, "rst-ack ttl=64 marked") + closed_control(1) +
                     "0.01 connect returns=ECONNREFUSED < rst-ack ttl=64\n"
                     "0.3 echo < echo-reply ttl=64\n0.4 syn target @2 < rst-ack ttl=64 marked\n";
  CHECK(verdict_of(lines, family) == "refused: destination 1..1 certain: closed-port");
}

TEST_CASE("The RST of connect() alone is a refusal as well") {
  const auto family = each_family();
  const auto analysis =
      analyse(run_of("0 connect returns=ECONNREFUSED < rst-ack ttl=61\n", family));
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(analysis.app_sees.error == 111);
  CHECK_FALSE(analysis.app_sees.inferred);
  // Nothing else is known: a router so many hops away may have sent it as well.
  CHECK(analysis.verdict.culprit.confidence == Confidence::weak);
  CHECK(analysis.verdict.culprit.where.kind == CulpritKind::unknown);
  CHECK_THAT(verdict_of("0 connect returns=ECONNREFUSED < rst-ack ttl=61\n", family),
             ends_with(family == Family::ipv4 ? "closed-port host-firewall-reset middlebox-reset"
                                              : "host-firewall-reset middlebox-reset closed-port"));
}

TEST_CASE(
    "Nothing but the RST speaks for the host: a device that answers nothing else looks the same") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + reset_after(1, "rst-ack ttl=63") +
                     passes("control", 1, 1) +
                     "0 syn control\n0.1 syn control @2\n0.1 echo x2\nfact ends=1.2\n";
  CHECK(verdict_of("fact gateway=r1\n" + lines, family) ==
        "refused: unknown 2..2 weak: closed-port host-firewall-reset middlebox-reset");
  // No rule copies the mark of our probes.
  auto marked = lines;
  for (auto at = marked.find("ttl=63\n"); at != std::string::npos; at = marked.find("ttl=63\n", at))
    marked.replace(at, 7, "ttl=63 marked\n");
  CHECK(verdict_of("fact gateway=r1\n" + marked, family) ==
        "refused: destination 2..2 strong: closed-port");
}
