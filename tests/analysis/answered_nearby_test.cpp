// A virtual machine's or container's network that is a program answers in the host's name: no
// answer passes a router, none bears our mark, and no router is heard. See the simulated ones in
// tests/properties/user_nat_test.cpp.

#include <fmt/format.h>

#include "analysis/correlate/correlator.hpp"
#include "tests/analysis/planned_world.hpp"
#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// Its own stack's, and of its sockets (libslirp).
const std::string near_by =
    "fact gateway=r1\n0 syn control < rst-ack ttl=64 after=0.01\n"
    "0.1 syn control @1 < rst-ack ttl=64 after=0.01\n0.5 echo < echo-reply ttl=255 after=0.01\n"
    "0.5 fin control < rst-ack ttl=255\n0.5 ack control < rst ttl=255\n";

const std::string drops = near_by +
                          "0 syn target x3\n0.1 syn target @1 x3\n0.1 syn target @2 x3\n"
                          "0.5 ack target < rst ttl=255\n0.5 fin target < rst-ack ttl=255\n"
                          "fact ends=6\n";

std::string refuses(double after) {
  return near_by + fmt::format(
                       "0 syn target < rst-ack ttl=64 after={0}\n"
                       "0 connect returns=ECONNREFUSED took={0} < rst-ack ttl=64 after={0}\n"
                       "0.1 syn target @1 < rst-ack ttl=64 after={0}\nfact ends=6\n",
                       after);
}

bool is_told(const std::string& lines, Family family) {
  return caveats_of(lines, family).find("hop-limit-rewritten") != std::string::npos;
}

}  // namespace

TEST_CASE("Answered nearby: a drop is anywhere, and RSTs to lone ACKs speak for nobody") {
  const auto family = each_family();
  CHECK(verdict_of(drops, family) ==
        "dropped: unknown 1..? weak: filter-drop host-silent blackhole / syn-filter "
        "accept-queue-full answer-lost");
  CHECK(is_told(drops, family));
}

TEST_CASE("Answered nearby: a refusal may be a closed port, a rule on the way or a failed call") {
  const auto family = each_family();
  CHECK(verdict_of(refuses(0.02), family) ==
        "refused: unknown 1..? weak: closed-port host-firewall-reset middlebox-reset / "
        "host-down icmp-reject-host icmp-reject-router no-route");
  CHECK(is_told(refuses(0.02), family));
}

TEST_CASE("Answered nearby: who refuses after three seconds looked for a machine in vain") {
  const auto family = each_family();
  CHECK_THAT(verdict_of(refuses(3.05), family),
             begins_with("refused: unknown 1..? weak: host-down / "));
  CHECK_THAT(verdict_of(refuses(3.05), family), mentions("closed-port"));
  // Those that were asked later still wait.
  std::string later;
  for (const int lane : {1, 2, 3, 4, 5, 6, 7, 8})
    later += fmt::format("4.2 syn target lane={}\n", lane);
  CHECK_THAT(verdict_of(refuses(3.05) + later, family),
             begins_with("refused: unknown 1..? weak: host-down / "));
}

TEST_CASE("An address of a gateway whose stack echoes our mark is right there") {
  const auto family = each_family();
  const std::string lines =
      "fact gateway=r1\n0 syn control < rst-ack ttl=64 marked\n"
      "0.1 syn control @1 < rst-ack ttl=64 marked\n0.5 echo < echo-reply ttl=64\n"
      "0 syn target < rst-ack ttl=64 marked\n0.1 syn target @1 < rst-ack ttl=64 marked\n"
      "0 connect returns=ECONNREFUSED < rst-ack ttl=64\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("refused: destination 1..1 strong"));
}

TEST_CASE("A router that is heard shows that answers come from where they seem to") {
  const auto lines = drops + "0.1 syn control @2 < te from=r2 ttl=63\n";
  CHECK_THAT(verdict_of(lines), begins_with("dropped: "));
  CHECK_FALSE(verdict_of(lines) == verdict_of(drops));
}

TEST_CASE("Every port is accepted from nearby, and closed: whoever stands there may do it") {
  const auto family = each_family();
  const std::string taken =
      "0 syn target < syn-ack ttl=64\n0 syn control < syn-ack ttl=64\n"
      "0.1 syn target @1 < syn-ack ttl=64\n0.1 syn control @1 < syn-ack ttl=64\n"
      "0 connect returns=0 closed=fin ttl=64 < syn-ack ttl=64\n"
      "0.2 echo < echo-reply ttl=64\n";
  for (const auto* route : {"gateway=r1", "on-link off-network"}) {
    const auto verdict = verdict_of(std::string("fact ") + route + "\n" + taken, family);
    CHECK_THAT(verdict, begins_with("closed-early: "));
    CHECK_THAT(verdict, mentions(" weak: [^/]*accept-then-close[^/]* transparent-proxy"));
  }
  // A neighbour answers pings itself.
  CHECK_THAT(verdict_of("fact on-link\n" + taken, family), !mentions("transparent-proxy"));
}

TEST_CASE("A FIN in answer to a SYN: somebody in between gave up, and programs wait") {
  const auto family = each_family();
  const std::string lines = near_by +
                            "0 syn target < fin ttl=64 after=0.02\n"
                            "0 connect syns=3 < fin ttl=64 after=0.02\n"
                            "0.1 syn target @1 < fin ttl=64 after=0.02\n"
                            "0.2 syn target lane=1 < fin ttl=64 after=0.02\nfact ends=6\n";
  CHECK(verdict_of(lines, family) ==
        "dropped: unknown 1..? weak: icmp-reject-host icmp-reject-router no-route / host-down");
  CHECK(caveats_of(lines, family).find("path-loss") == std::string::npos);
  CHECK_THAT(verdict_of(lines + "fact interrupted\n", family), begins_with("dropped: "));
}

TEST_CASE("A RST to the FIN that counts only its data is no forgery") {
  const auto family = each_family();
  const auto run = run_of("0 fin target < rst-ack ttl=255 uncounted", family);
  const auto correlator = correlate(run);
  CHECK(correlator.misfits() == 0);
  CHECK(correlator.exchanges()[0].answered());
}

TEST_CASE("A RST after our own, while other SYNs of the flow are under way, refuses nothing") {
  const auto family = each_family();
  const std::string open =
      "fact gateway=r1\n0 connect returns=0 says=SSH-2.0-x spoke=0.05 < syn-ack ttl=64 after=0.01\n"
      "0 syn control < rst-ack ttl=64 after=0.01\n"
      "0.02 syn target lane=1 < syn-ack ttl=64 after=0.01\n"
      "0.02 syn target lane=2 < syn-ack ttl=64 after=0.01\n";
  const std::string later =
      "0 syn target < syn-ack ttl=64 after=0.01 < rst-ack ttl=255 after=0.012\n";
  const std::string walk = "0.01 syn target @1\n";
  CHECK_THAT(verdict_of(open + later + walk, family), begins_with("open: "));
}

TEST_CASE("Where connect() is served, a RST beside a SYN/ACK refuses nobody") {
  const auto family = each_family();
  const std::string lines =
      "0 connect returns=0 says=SSH-2.0-x spoke=0.05 < syn-ack ttl=61 after=0.01\n"
      "0 syn target < syn-ack ttl=61 after=0.01 < rst-ack ttl=63 after=0.012\n" +
      closed_control(4) +
      "0.02 syn target lane=1 < syn-ack ttl=61 after=0.01\n"
      "0.02 syn target lane=2 < syn-ack ttl=61 after=0.01\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("intermittent: "));
  CHECK_THAT(verdict_of(lines, family), mentions(" weak: injected-reset"));
}

TEST_CASE("One answer before everything falls silent is no ban for sure") {
  const auto family = each_family();
  const std::string lines =
      "fact gateway=r1\n0 syn target < rst-ack ttl=64\n0 syn control x3\n0.4 echo x3\n"
      "0.1 syn target @1 x3\n0.2 syn target lane=1 x3\n0.2 syn target lane=2 x3\n"
      "0.2 syn target lane=3 x3\nfact ends=8\n";
  const auto verdict = verdict_of(lines, family);
  CHECK_THAT(verdict, begins_with("intermittent: unknown 1..? weak: "));
  CHECK_THAT(verdict, mentions("blackhole"));
}

TEST_CASE("Refusals that are held back for seconds beg no question after question") {
  const auto family = each_family();
  const auto held_back = [](const Question& question) -> std::string {
    switch (question.kind) {
      case ProbeKind::syn: return "rst-ack ttl=64 after=3.05";
      case ProbeKind::ack: return "rst ttl=255";
      case ProbeKind::fin: return "rst-ack ttl=255 uncounted";
      default: return "";
    }
  };
  const auto planned = plan(held_back, family, "fact gateway=r1\n");
  CHECK(planned.done);
  CHECK(planned.seconds < 9);
  CHECK_THAT(verdict_of(planned, family), begins_with("refused: unknown 1..? weak: host-down"));
}

TEST_CASE("A FIN in answer to every SYN ends a run soon") {
  const auto family = each_family();
  const auto gives_up = [](const Question& question) -> std::string {
    if (question.kind == ProbeKind::syn && question.aim == Aim::control)
      return "rst-ack ttl=64 after=0.02";
    return question.kind == ProbeKind::syn ? "fin ttl=64 after=0.02" : "";
  };
  const auto planned = plan(gives_up, family, "fact gateway=r1\n");
  CHECK(planned.done);
  CHECK(planned.seconds < 5);
  CHECK_THAT(verdict_of(planned, family),
             begins_with("dropped: unknown 1..? weak: icmp-reject-host"));
}
