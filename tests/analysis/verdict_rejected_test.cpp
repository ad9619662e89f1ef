// "ICMP to the SYN": the lines of the measured decision table. Chain: client, r1, r2, r3, host at
// hop 4; q is the hop limit in the quote of a probe sent with 64.

#include <fmt/format.h>

#include <cerrno>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// A rule in FORWARD of r2: after the hop-limit check, the quote already decremented.
std::string forward_reject(const char* code) {
  return fmt::format("0 syn target < icmp={0} from=r2 ttl=63 q=62\n", code) +
         passes("target", 1, 2) +
         fmt::format("0.2 syn target @3 < icmp={0} from=r2 ttl=63 q=1\n", code);
}

/// Before the hop-limit check of r2: a rule in PREROUTING, or its routing table.
std::string early_reject(const char* code) {
  return fmt::format(
      "0 syn target < icmp={0} from=r2 ttl=63 q=63\n"
      "0.2 syn target @1 < te from=r1 ttl=64\n"
      "0.2 syn target @2 < icmp={0} from=r2 ttl=63 q=1\n",
      code);
}

std::string control_rejected_too(const char* code) {
  return fmt::format("0.05 syn control < icmp={} from=r2 ttl=63 q=63\n", code);
}

const std::string bad_checksum_silent = "0.4 bad-syn target x2 every=0\n";

std::string bad_checksum_gets(const char* code) {
  return fmt::format("0.4 bad-syn target < icmp={} from=r2 ttl=63 q=63\n", code);
}

}  // namespace

TEST_CASE("ICMP from a router after its hop-limit check, bad checksums ignored: its rule",
          "[line-17]") {
  const auto family = each_family();
  const auto* code = GENERATE("admin", "port");
  const auto lines = forward_reject(code) + bad_checksum_silent + closed_control(4);
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict) == "rejected: router 2..2 certain: icmp-reject-router");
  CHECK(analysis.verdict.culprit.where.address == analysis.icmp->from);
  CHECK(analysis.icmp->quoted_hop_limit == HopLimit{62});
}

TEST_CASE("A rule that leaves the application's own SYN without an answer is not all there is") {
  const auto family = each_family();
  const auto lines = forward_reject("admin") + bad_checksum_silent + closed_control(4);
  CHECK(verdict_of(lines + "0 connect syns=2\n", family) ==
        "rejected: router 2..2 strong: icmp-reject-router");
}

TEST_CASE("A rule before the hop-limit check: the quote is one higher", "[line-18]") {
  const auto family = each_family();
  const auto lines = early_reject("admin") + bad_checksum_silent + closed_control(4);
  const std::string answers_others = "0.41 syn target lane=1 < icmp=admin from=r2 ttl=63 q=63\n";
  CHECK(verdict_of(lines + answers_others, family) ==
        "rejected: router 2..2 certain: icmp-reject-router");
}

TEST_CASE("Nobody answers where the port is sent, and the host is farther: a router is dead") {
  const auto family = each_family();
  const auto lines = passes("target", 1, 2) +
                     "0 syn target < icmp=host from=r2 ttl=63 q=62 "
                     "after=3.05\n0.3 syn target @3 < icmp=host from=r2 ttl=63 q=1 after=2.75\n" +
                     closed_control(4);
  CHECK(verdict_of(lines, family) == "unreachable: between 2..3 weak: host-down");
}

TEST_CASE("Another router stands where nobody answers: the missing one is no host") {
  const auto family = each_family();
  const auto lines = passes("target", 1, 2) + passes("control", 1, 3) +
                     "0 syn target < icmp=host from=r2 ttl=63 q=62 after=3.05\n"
                     "0.3 syn target @3 < icmp=host from=r2 ttl=63 q=1 after=2.75\n";
  CHECK(verdict_of(lines, family) == "unreachable: between 2..3 weak: host-down");
}

TEST_CASE("A quote that names another client is about no connection of this machine") {
  const auto family = each_family();
  const auto sees = [&](const std::string& quoted) {
    const auto lines = "0 syn target < icmp=admin from=r2 ttl=63 q=62" + quoted + "\n" +
                       passes("target", 1, 2) + closed_control(4) + "0.01 connect\n";
    return analyse(run_of(lines, family)).app_sees.error;
  };
  CHECK(sees("") == (family == Family::ipv4 ? EHOSTUNREACH : EACCES));
  CHECK(sees(" quoted-source=stranger") == ETIMEDOUT);
}

TEST_CASE("A quote that names another client explains that connect() goes on waiting") {
  const auto family = each_family();
  const auto told = [&](const std::string& quoted) {
    const auto lines =
        "0 syn target < icmp=admin from=r2 ttl=63 q=62" + quoted + "\n" + passes("target", 1, 2) +
        closed_control(4) + "0.01 connect syns=2 < icmp=admin from=r2 ttl=63 q=62" + quoted +
        " only=1 < icmp=admin from=r2 ttl=63 q=62" + quoted + " only=2\n" + "2.5 echo x2\n";
    return analyse(run_of(lines, family));
  };
  CHECK_THAT(in_one_line(told("").verdict), mentions("local-input-filter"));
  const auto rewritten = told(" quoted-source=stranger");
  CHECK_THAT(in_one_line(rewritten.verdict), !mentions("local-input-filter"));
  CHECK_THAT(in_one_line(rewritten.verdict), is_not_certain());
  CHECK(rewritten.app_sees.error == ETIMEDOUT);
  REQUIRE_FALSE(rewritten.verdict.caveats.empty());
  CHECK_THAT(rewritten.verdict.caveats.back().text.str(),
             mentions("connect\\(\\) goes on waiting"));
}

TEST_CASE("The limit of the router's messages may have eaten that to a wrong checksum") {
  // Found in the lab: routes for this port alone, which quote the hop limit as it came.
  const auto family = each_family();
  const auto quiet = bad_checksum_silent + closed_control(4);
  CHECK(verdict_of(early_reject("admin") + quiet, family) ==
        "rejected: router 2..2 strong: icmp-reject-router route-prohibited");
  CHECK_THAT(verdict_of(early_reject("net") + quiet, family),
             begins_with("unreachable: router 2..2 strong: no-route icmp-reject-router"));
}

TEST_CASE("The routing table of a router answers every port and does not look at TCP",
          "[line-19]") {
  const auto family = each_family();
  SECTION("no route") {
    const auto lines = early_reject("net") + control_rejected_too("net") + bad_checksum_gets("net");
    CHECK(verdict_of(lines, family) == "unreachable: router 2..2 strong: no-route");
  }
  SECTION("prohibited") {
    const auto lines =
        early_reject("admin") + control_rejected_too("admin") + bad_checksum_gets("admin");
    CHECK(verdict_of(lines, family) == "unreachable: router 2..2 strong: route-prohibited");
  }
}

TEST_CASE("The other codes of a router without a route (RFC 1812 section 5.2.7.1)", "[line-19]") {
  const auto* code = GENERATE("3/5", "3/6", "3/7", "3/8", "3/11", "3/12");
  const auto lines = early_reject(code) + control_rejected_too(code);
  CHECK(verdict_of(lines + bad_checksum_gets(code)) == "unreachable: router 2..2 strong: no-route");
  // Where nothing tells them apart; some filters (Junos) can be told to send these codes.
  CHECK(verdict_of(lines) == "unreachable: router 2..2 strong: icmp-reject-router no-route");
  CHECK_THAT(verdict_of(forward_reject(code) + closed_control(4)), begins_with("rejected: "));
}

TEST_CASE("A prohibition is a rejection, also where a route may have said it") {
  const auto family = each_family();
  CHECK_THAT(verdict_of("0 syn target < icmp=admin from=r2 ttl=63 q=63\n", family),
             begins_with("rejected: between 1..2 ") && mentions(" route-prohibited 2..2"));
}

TEST_CASE("A table speaks a hop farther on than a rule with this quote: does the way back fit?") {
  // Nobody names the routers; the message comes over one, as it does from the nearer of the two.
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=r2 ttl=63 q=62\n0.2 syn target @1 < te from=r1 ttl=64\n"
      "0.2 syn target @2 x2\n0.2 syn target @3 < icmp=admin from=r2 ttl=63 q=1\n";
  CHECK(verdict_of(lines, family) ==
        "rejected: between 2..3 strong: icmp-reject-router / route-prohibited 3..3");
}

TEST_CASE("A code that no routing table sends, to a wrong checksum too: no word of routing") {
  const auto lines =
      early_reject("3/10") + control_rejected_too("3/10") + bad_checksum_gets("3/10");
  const auto verdict = analyse(run_of(lines)).verdict;
  CHECK(in_one_line(verdict) == "rejected: router 2..2 strong: icmp-reject-router");
  CHECK_THAT(verdict.explanations.at(0).because.back().text.str(),
             mentions("does not look at checksums does not"));
}

TEST_CASE("An unreachable route in IPv4 is no dead host: it answers at once") {
  const auto lines =
      early_reject("host") + control_rejected_too("host") + bad_checksum_gets("host");
  CHECK(verdict_of(lines) == "unreachable: router 2..2 strong: no-route");
}

TEST_CASE("One port alone, and a wrong checksum makes no difference: a filter or a routing rule") {
  const auto family = each_family();
  const auto lines_of = [](const char* code) {
    return early_reject(code) + bad_checksum_gets(code) + closed_control(4);
  };
  CHECK(verdict_of(lines_of("admin"), family) ==
        "rejected: router 2..2 strong: icmp-reject-router route-prohibited");
  CHECK(verdict_of(lines_of("net"), family) ==
        "unreachable: router 2..2 strong: no-route icmp-reject-router");
}

TEST_CASE("Only Linux has routes that prohibit, and its messages start at 64") {
  const std::string reply = " < icmp=admin from=r2 ttl=254 q=";
  const auto lines = "0 syn target" + reply + "63\n0.2 syn target @1 < te from=r1 ttl=64\n" +
                     "0.2 syn target @2" + reply + "1\n0.4 bad-syn target" + reply + "63\n" +
                     closed_control(4);
  CHECK_THAT(verdict_of(lines), ends_with(": icmp-reject-router"));
}

TEST_CASE("Nobody looks for itself: who does not find the host in its own name forwards the port") {
  // As in a capture of a client: pings are answered from hop 2, the port's message took an ARP.
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=host ttl=63 q=62 after=3.05\n0.05 echo < echo-reply ttl=63\n";
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) == "unreachable: destination 3..3 weak: host-down port-forward");
  CHECK_THAT(verdict.explanations.back().because.back().text.str(), begins_with("No host says"));
}

TEST_CASE("The last router found no neighbour: host down", "[line-20]") {
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=host from=r3 ttl=62 q=62 after=3.05\n" +
                     passes("target", 1, 3) +
                     "0.3 syn target @4 < icmp=host from=r3 ttl=62 q=1 after=2.75\n"
                     "0.3 bad-syn target < icmp=host from=r3 ttl=62 q=62 after=2.75\n"
                     "0.05 syn control < icmp=host from=r3 ttl=62 q=62 after=3.0\n";
  // No packet tells whether the next machine is the host or another router.
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict) == "unreachable: destination 4..4 weak: host-down");
  CHECK_FALSE(analysis.path.distance.destination.has_value());
}

TEST_CASE(
    "The last router's own time exceeded was lost: its quote and its way back place the host") {
  // Found in the lab: the route and the failed ARP of a router quote the same hop limit a hop
  // apart.
  const auto family = each_family();
  const auto ttl = GENERATE(62, 61);
  const auto host = fmt::format("icmp=host from=r3 ttl={} q=", ttl);
  const auto lines = "0 syn target < " + host + "61\n" + passes("target", 1, 2) +
                     "0.2 syn target @3\n0.2 syn target @4 < " + host + "1\n" +
                     "0.3 bad-syn target < " + host + "61\n0.05 syn control < " + host + "61\n";
  const bool route = ttl == 61 && family == Family::ipv4;
  CHECK(verdict_of(lines, family) == (route ? "unreachable: router 4..4 strong: no-route"
                                            : "unreachable: destination 3..4 weak: host-down"));
}

namespace {

/// r3's word to a SYN that it was about to deliver, soon or late.
std::string host_unreachable(const char* asked, const char* rest = "") {
  return fmt::format("{} < icmp=host from=r3 ttl=62 {}\n", asked, rest);
}

}  // namespace

TEST_CASE("A rule of the last router says host unreachable: at once, and not to a bad checksum") {
  // Found in the lab. Who finds no neighbour looks for it for three seconds, and not at TCP.
  const auto family = each_family();
  const auto lines = host_unreachable("0 syn target", "q=61") + "0.003 bad-syn target\n" +
                     host_unreachable("0.004 syn control", "q=61") + passes("target", 1, 3) +
                     host_unreachable("0.2 syn target @4", "q=1");
  CHECK(verdict_of(lines, family) == "rejected: router 3..3 strong: icmp-reject-router");
}

TEST_CASE("Host unreachable at once, for others had waited for that neighbour: it may be gone") {
  // What came after waits for the next failure, its checksum right or wrong.
  const auto family = each_family();
  const auto lines = host_unreachable("0 syn target", "q=61 after=0.1") +
                     "0.11 bad-syn target\n0.12 syn control\n" + passes("target", 1, 3) +
                     "0.2 syn target @4\n";
  CHECK_THAT(verdict_of(lines, family),
             begins_with("unreachable: ") && ends_with(" host-down 4..4"));
}

TEST_CASE("ICMP from the host itself is a rule on it", "[line-22]") {
  const auto family = each_family();
  const auto* code = GENERATE("port", "admin");
  const auto lines =
      fmt::format(
          "0 syn target < icmp={0} ttl=61 q=61\n{1}0.2 syn target @4 < icmp={0} ttl=61 q=1\n", code,
          passes("target", 1, 3)) +
      bad_checksum_silent + closed_control(4);
  CHECK(verdict_of(lines, family) == "rejected: destination 4..4 certain: icmp-reject-host");
}

TEST_CASE("host-prohibited for every port, ping answered: the host", "[line-24]") {
  const auto lines = "0 syn target < icmp=3/10 ttl=61 q=61\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < icmp=3/10 ttl=61 q=1\n" + bad_checksum_silent +
                     "0.05 syn control < icmp=3/10 ttl=61 q=61\n" + passes("control", 1, 3) +
                     "0.2 syn control @4 < icmp=3/10 ttl=61 q=1\n0.3 echo < echo-reply ttl=61\n";
  CHECK(verdict_of(lines) == "rejected: destination 4..4 strong: icmp-reject-host");
}

TEST_CASE("A stateless ACL with established semantics: SYNs rejected, ACKs pass", "[line-25]") {
  const auto family = each_family();
  const auto lines = forward_reject("admin") + bad_checksum_silent + closed_control(4) +
                     "0.4 ack target < rst ttl=61 marked\n";
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict) == "rejected: router 2..2 certain: icmp-reject-router");
  CHECK(analysis.verdict.explanations[0].because.back().text.str().find(
            "pass it and reach the host") != std::string::npos);
}

TEST_CASE("Device ingress forges the destination's address: the walk shows the router",
          "[line-21]") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin ttl=63 q=63 forged\n0.2 syn target @1 < te from=r1 ttl=64\n"
      "0.2 syn target @2 < icmp=admin ttl=63 q=1 forged\n" +
      bad_checksum_silent + closed_control(4);
  CHECK(verdict_of(lines, family) == "rejected: router 2..2 strong: icmp-reject-router");
}

TEST_CASE("A routing loop: time exceeded at full length, two routers in turn", "[line-27]") {
  const auto family = each_family();
  const auto lines = "0 syn target < te from=r3 ttl=62\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < te from=r2 ttl=63\n"
                     "0.2 syn target @5 < te from=r3 ttl=62\n";
  CHECK(verdict_of(lines, family) == "unreachable: between 2..3 strong: routing-loop");
}

TEST_CASE("What an application sees of each rejection, when connect() was not waited for") {
  const auto errno_of_message = [](const char* code, Family family) {
    return analyse(
               run_of(fmt::format("0 syn target < icmp={} from=r2 ttl=63 q=62\n", code), family))
        .app_sees;
  };
  CHECK(errno_of_message("3/13", Family::ipv4).error == EHOSTUNREACH);
  CHECK(errno_of_message("3/3", Family::ipv4).error == ECONNREFUSED);
  CHECK(errno_of_message("3/9", Family::ipv4).error == ENETUNREACH);
  CHECK(errno_of_message("1/1", Family::ipv6).error == EACCES);
  CHECK(errno_of_message("1/4", Family::ipv6).error == ECONNREFUSED);
  CHECK(errno_of_message("1/1", Family::ipv6).inferred);
}

TEST_CASE("Headers too long for a router (RFC 8883): the stack gives up on it, and so it rejects") {
  const auto lines = forward_reject("1/8") + closed_control(4);
  const auto analysis = analyse(run_of(lines, Family::ipv6));
  CHECK_THAT(in_one_line(analysis.verdict),
             begins_with("rejected: router 2..2 ") && ends_with(": icmp-reject-router"));
  CHECK(analysis.app_sees.error == EPROTO);
}

TEST_CASE("Messages that the stack ignores reject nothing") {
  for (const char* code : {"3/4", "5/1", "4/0", "11/1"}) {
    CAPTURE(code);
    const auto lines = fmt::format("0 syn target x3 < icmp={} from=r2 ttl=63 q=62\n", code) +
                       passes("target", 1, 3) + closed_control(4) + "fact ends=5\n";
    const auto verdict = analyse(run_of(lines)).verdict;
    CHECK(verdict.outcome == Outcome::dropped);
    CHECK_THAT(verdict.explanations.at(0).because.at(0).text.str(),
               mentions("no answer but ICMP .* from hop 2 .10.0.2.1."));
  }
}

TEST_CASE("A CGN says 3/3 only after six seconds: still a rejection by that router") {
  const auto lines = "0 syn target < icmp=3/3 from=r2 ttl=63 q=62 after=6.2\n" +
                     passes("target", 1, 2) + "0.2 syn target @3\n" + bad_checksum_silent;
  CHECK_THAT(verdict_of(lines), begins_with("rejected: router 2..2 "));
}

TEST_CASE(
    "A loop whose other router keeps silent, and ends the full-length probe: the walk goes round") {
  const auto family = each_family();
  const std::string round = " < te from=r2 ttl=63\n";
  const auto lines = "0 syn target x3\n" + passes("target", 1, 1) + "0.2 syn target @2" + round +
                     "0.2 syn target @3 x3\n0.2 syn target @4" + round +
                     "0.2 syn target @5 x3\n0.2 syn target @6" + round + "fact ends=6\n";
  CHECK(verdict_of(lines, family) == "unreachable: between 2..3 strong: routing-loop");
}

TEST_CASE(
    "A loop of which one router keeps silent on the way there too: before the other or behind") {
  const auto family = each_family();
  const std::string round = " < te from=r3 ttl=62\n";
  const auto lines = "0 syn target x3\n" + passes("target", 1, 1) +
                     "0.2 syn target @2 x3\n0.2 syn target @3" + round +
                     "0.2 syn target @4 x3\n0.2 syn target @5" + round + "fact ends=6\n";
  CHECK(verdict_of(lines, family) == "unreachable: between 2..4 strong: routing-loop");
}

TEST_CASE("A loop met first beyond hops that nobody asked: it may begin at any of them") {
  const auto family = each_family();
  const std::string round = " < te from=r1 ttl=64\n";
  const auto lines = "0 syn target x3\n0.2 syn target @5" + round + "0.2 syn target @6 x3\n" +
                     "0.2 syn target @9" + round + "fact ends=6\n";
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) == "unreachable: between 1..8 weak: routing-loop");
  const auto silent = std::ranges::find(verdict.caveats, CaveatId::silent_hops, &Caveat::id);
  REQUIRE(silent != verdict.caveats.end());
  CHECK_THAT(silent->text.str(), begins_with("Hop 6 did not answer"));
}

TEST_CASE(
    "A loop whose walk meets no router twice: the death of the full length is the second time") {
  const auto family = each_family();
  const auto far = "0 syn target < te from=r4 ttl=61\n" + passes("target", 1, 4) +
                   "0.2 syn target @5 x3\n0.2 syn target @6 x3\nfact ends=6\n";
  CHECK(verdict_of(far, family) == "unreachable: unknown 4..? weak: routing-loop");
  const auto mute = "0 syn target < te from=r4 ttl=61\n" + passes("target", 1, 1) +
                    "0.2 syn target @2 x3\n0.2 syn target @3 x3\n"
                    "0.2 syn target @4 < te from=r4 ttl=61\n0.2 syn target @5 x3\nfact ends=6\n";
  const auto verdict = analyse(run_of(mute, family)).verdict;
  CHECK(in_one_line(verdict) == "unreachable: unknown 2..? weak: routing-loop");
  CHECK_THAT(verdict.explanations.front().because.back().text.str(),
             mentions("stands at hop 4: the packets come back"));
}

TEST_CASE("A hop before a loop that was never heard may be a router of it with no messages left") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < te from=r3 ttl=62\n0.2 syn target @1 x2\n"
      "0.2 syn target @2 < te from=r2 ttl=63\n0.2 syn target @3 < te from=r3 ttl=62\n"
      "0.2 syn target @4 < te from=r2 ttl=63\n0.2 syn target @5 < te from=r3 ttl=62\n";
  CHECK(verdict_of(lines, family) == "unreachable: between 1..3 strong: routing-loop");
}

TEST_CASE("A routing table at hop 1: that its router says so is an ICMP message too") {
  const auto lines =
      "0 syn target < icmp=host from=r1 ttl=64 q=64\n"
      "0.2 syn target @1 < icmp=host from=r1 ttl=64 q=1\n"
      "0.05 syn control x2\n0.4 bad-syn target < icmp=host from=r1 ttl=64 q=64\n";
  CHECK(caveats_of(lines).find("no-icmp") == std::string::npos);
}

TEST_CASE("Rejections that do not reach the program are listed, and then nothing is certain") {
  const auto family = each_family();
  const auto lines = forward_reject("admin") + bad_checksum_silent + closed_control(4) +
                     "0.05 connect syns=2 < icmp=admin from=r2 ttl=63 q=62 only=1 < "
                     "icmp=admin from=r2 ttl=63 q=62 only=2\nfact ends=3\n";
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict).starts_with("rejected: router 2..2"));
  CHECK(std::ranges::count(analysis.verdict.explanations, Mechanism::local_input_filter,
                           &Explanation::mechanism) == 1);
  CHECK(analysis.verdict.culprit.confidence < Confidence::certain);
  CHECK(analysis.app_sees.error == ETIMEDOUT);
}

TEST_CASE("RSTs and messages to SYNs of one flow are two faults, and both are told") {
  const auto family = each_family();
  std::string lines = closed_control(4) + passes("target", 1, 3);
  for (int i = 0; i < 3; ++i)
    lines += fmt::format(
        "0.{0}1 syn target < rst-ack ttl=61 marked\n"
        "0.{0}2 syn target < icmp=admin from=r2 ttl=63 q=62\n",
        i);
  const auto verdict = analyse(run_of(lines, family)).verdict;
  const auto has = [&](Mechanism mechanism) {
    return std::ranges::count(verdict.explanations, mechanism, &Explanation::mechanism) > 0;
  };
  CHECK(has(Mechanism::closed_port));
  CHECK(has(Mechanism::icmp_reject_router));
  CHECK(verdict.culprit.confidence < Confidence::certain);
}

namespace {

/// Of a router that looks at the hop limit before its routes (BSD): r2 answers every SYN at once.
std::string after_count(const std::string& code) {
  return fmt::format(
             "0 syn target < icmp={0} from=r2 ttl=63 q=63\n"
             "0.1 syn control < icmp={0} from=r2 ttl=63 q=63\n",
             code) +
         bad_checksum_gets(code.c_str()) + passes("target", 1, 2) +
         fmt::format("0.5 syn target @3 < icmp={0} from=r2 ttl=63 q=2\n", code);
}

}  // namespace

TEST_CASE("No route, after the hop limit was looked at: routes, and hardly a rule") {
  CHECK(verdict_of(after_count("net"), Family::ipv4) ==
        "unreachable: router 2..2 strong: no-route / icmp-reject-router");
  CHECK(verdict_of(after_count("net"), Family::ipv6) ==
        "unreachable: router 2..2 strong: no-route / host-down 3..3 icmp-reject-router");
}

TEST_CASE("Host unreachable at once, again and again: no route, or a neighbour known to be gone") {
  CHECK(verdict_of(after_count("host"), each_family()) ==
        "unreachable: between 2..3 strong: no-route 2..2 host-down 3..3 / icmp-reject-router 2..2");
}

TEST_CASE("A prohibition after the hop limit was looked at is a rule's word, hardly a route's") {
  CHECK(verdict_of(after_count("admin"), each_family()) ==
        "rejected: router 2..2 strong: icmp-reject-router / route-prohibited");
  CHECK(verdict_of(after_count("1/6"), Family::ipv6) ==
        "rejected: router 2..2 strong: icmp-reject-router / route-prohibited");
}

TEST_CASE("A prohibiting route may say that the source or the route is refused") {
  const auto* code = GENERATE("1/5", "1/6");
  const auto lines = early_reject(code) + control_rejected_too(code) + bad_checksum_gets(code);
  CHECK(verdict_of(lines, Family::ipv6) == "unreachable: router 2..2 strong: route-prohibited");
}
