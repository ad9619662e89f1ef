// Verdicts that other tools get wrong, each as a test, where it can be said at this level; craft,
// decode and the live loop have the others. Host at hop 4 behind r1, r2, r3.

#include "tests/analysis/planned_world.hpp"
#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string alive = "0.4 echo < echo-reply ttl=61\n";

}  // namespace

TEST_CASE("Peers 1: a forged RST is not the destination", "[peer-01]") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < rst-ack ttl=63\n" + closed_control(4);
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict) == "refused: router 2..2 strong: middlebox-reset");
  CHECK(analysis.path.distance.destination == 4);
}

TEST_CASE("Peers 1: a router that resets every port before its hop-limit check", "[peer-01]") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + passes("target", 1, 1) +
                     "0.2 syn target @2 < rst-ack ttl=63\n0.05 syn control < rst-ack ttl=63\n" +
                     passes("control", 1, 1) + "0.2 syn control @2 < rst-ack ttl=63\n" + alive;
  CHECK_THAT(verdict_of(lines, family), mentions("middlebox-reset"));
}

TEST_CASE("Peers 1: a router that resets every port and never says time exceeded", "[peer-01]") {
  // r3 in FORWARD. The RSTs have the way back of hop 3, the walk ends at 4, the ping comes from 6.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=62\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 x3\n0.2 syn target @4 < rst-ack ttl=62\n"
                     "0.05 syn control < rst-ack ttl=62\n" +
                     passes("control", 1, 2) +
                     "0.2 syn control @3 x2\n0.2 syn control @4 < rst-ack ttl=62\n"
                     "0.4 echo < echo-reply ttl=59\n";
  CHECK_THAT(verdict_of(lines, family), mentions("middlebox-reset"));
}

TEST_CASE("Peers 2: port unreachable from a middle router is not the destination", "[peer-02]") {
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=port from=r2 ttl=63 q=62\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < icmp=port from=r2 ttl=63 q=1\n0.4 bad-syn target x2\n" +
                     closed_control(4);
  CHECK(verdict_of(lines, family) == "rejected: router 2..2 certain: icmp-reject-router");
}

TEST_CASE("Peers 3: the ICMP code is kept, as numbers", "[peer-03]") {
  for (const auto& [word, code] :
       {std::pair{"3/0", 0}, {"3/1", 1}, {"3/3", 3}, {"3/9", 9}, {"3/10", 10}, {"3/13", 13}}) {
    const auto analysis =
        analyse(run_of("0 syn target < icmp=" + std::string(word) + " from=r2 ttl=63 q=62\n"));
    CHECK(analysis.icmp->type == 3);
    CHECK(analysis.icmp->code == code);
  }
}

TEST_CASE("Peers 4: time exceeded from the target's own address means NAT, go on", "[peer-04]") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61 marked\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < te from=server ttl=62\n"
                     "0.2 syn target @4 < rst-ack ttl=61 marked\n"
                     "0.05 syn control < rst-ack ttl=62 marked\n" +
                     passes("control", 1, 2) + "0.2 syn control @3 < rst-ack ttl=62 marked\n";
  const auto analysis = analyse(run_of(lines, family));
  CHECK(analysis.path.distance.target_flow == 4);
  CHECK_THAT(in_one_line(analysis.verdict), mentions("port-forward"));
}

TEST_CASE("Peers 6: a SYN proxy is no open port", "[peer-06]") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=63 win=0\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < syn-ack ttl=63 win=0\n" + closed_control(4) +
                     "0.01 connect returns=0 < syn-ack ttl=63 win=0\nfact ends=7\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("silent-service: router 2..2 "));
}

TEST_CASE("Peers 6: a box that accepts every port with an ordinary window", "[peer-06]") {
  // Both ports accepted at r2's distance, the host's ping from farther away.
  const auto lines = "fact port=80\n0 syn target < syn-ack ttl=63\n" + passes("target", 1, 1) +
                     "0.2 syn target @2 < syn-ack ttl=63\n0.05 syn control < syn-ack ttl=63\n" +
                     passes("control", 1, 1) + "0.2 syn control @2 < syn-ack ttl=63\n" + alive +
                     "0.01 connect returns=0 < syn-ack ttl=63\n";
  CHECK_THAT(verdict_of(lines, each_family()), mentions("transparent-proxy"));
}

TEST_CASE("Peers 7: a NAT that sets the hop limit anew: nothing beyond it can be located",
          "[peer-07]") {
  // The gateway's NAT answers for everybody: hop 1 passes nothing on, a target behind a gateway
  // seems to be at hop 1, and ping too.
  const auto lines =
      "fact gateway=r1\n0 syn target < rst-ack ttl=64\n"
      "0.2 syn target @1 < rst-ack ttl=64\n0.05 syn control < rst-ack ttl=64\n"
      "0.2 syn control @1 < rst-ack ttl=64\n0.3 echo < echo-reply ttl=64\n";
  CHECK_THAT(caveats_of(lines), mentions("hop-limit-rewritten"));
}

TEST_CASE("Peers 8: probes of one walk keep one flow", "[peer-08]") {
  const auto run = run_of(passes("target", 1, 3) + "0 syn target < rst-ack ttl=61\n");
  for (const auto& send : run.sends) CHECK(send.spec.flow == run.sends.front().spec.flow);
}

TEST_CASE("Peers 10: an acknowledgment that is not ours decides nothing", "[peer-10]") {
  const auto lines = "0 syn target x3 < rst-ack ttl=61 ack=wrong\nfact ends=6\n" +
                     passes("target", 1, 3) + "0.3 syn target @4 x3\n" + closed_control(4) + alive;
  const auto analysis = analyse(run_of(lines, each_family()));
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.packets.rejected_as_forged == 3);
}

TEST_CASE("Peers 11: somebody else's ICMP is not taken", "[peer-11]") {
  const auto lines = "0 syn target x3 < icmp=admin from=r2 ttl=63 quoted-seq=wrong\nfact ends=6\n" +
                     passes("target", 1, 3) + "0.3 syn target @4 x3\n" + closed_control(4) + alive;
  CHECK_THAT(verdict_of(lines, each_family()), begins_with("dropped: between 3..4 "));
}

TEST_CASE("Peers 12: quotes rewritten by a NAT still name every hop", "[peer-12]") {
  const auto family = each_family();
  std::string walk;
  for (const char* hop : {"1", "2", "3"})
    walk += std::string("0.2 syn target @") + hop + " < te from=r" + hop +
            " ttl=60 quoted-source=stranger quoted-source-port=61000\n";
  const auto analysis = analyse(run_of(
      "0 syn target < rst-ack ttl=61\n" + walk + "0.2 syn target @4 < rst-ack ttl=61\n", family));
  REQUIRE(analysis.path.hops.size() == 4);
  for (const auto& hop : analysis.path.hops) CHECK_FALSE(hop.responders.empty());
}

TEST_CASE("Peers 13: the first silent hop is not blamed when later ones answer", "[peer-13]") {
  const auto family = each_family();
  const auto lines =
      "0 syn target x3\n0.3 syn target @1 x3\n0.2 syn target @2 < te from=r2 ttl=63\n"
      "0.2 syn target @3 < te from=r3 ttl=62\n0.3 syn target @4 x3\nfact ends=6\n" +
      closed_control(4) + alive;
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: between 3..4 "));
}

TEST_CASE("Peers 14: the last hop that answered and the next one are both named", "[peer-14]") {
  const auto family = each_family();
  const auto lines = "0 syn target x3\n" + passes("target", 1, 2) +
                     "0.3 syn target @3 x3\n0.3 syn target @4 x3\nfact ends=6\n" +
                     closed_control(4) + alive;
  CHECK_THAT(verdict_of(lines, family), begins_with("dropped: between 2..3 "));
}

TEST_CASE("Peers 15: six silent routers do not end the walk of a port that drops", "[peer-15]") {
  const auto family = each_family();
  // Hops 3 to 8 are silent, hop 9 answers on both flows, nothing answers in the host's name.
  const auto planned = plan(
      [](const Question& question) -> std::string {
        const int hops = question.hop_limit.value;
        if (hops <= 2 || hops == 9) return along(question, 30, "");
        return "";
      },
      family);
  REQUIRE(planned.done);
  CHECK_THAT(verdict_of(planned.trace, family), begins_with("dropped: unknown 9..? "));
}

TEST_CASE("Peers 16: a local rule is not blamed on the network", "[peer-16]") {
  const auto family = each_family();
  const auto lines =
      "0 connect hidden returns=ECONNREFUSED\n0 syn target x3 error=EPERM\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), begins_with("local: this-host 0..0 "));
}

TEST_CASE("Peers 17: an injector that copies the probe's hop limit is not beyond the target",
          "[peer-17]") {
  // After the link behind r2 its RST has what was left of the probe's hop limit.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=60\n" + passes("target", 1, 2) +
                     "0.2 syn target @4 < rst-ack ttl=1\n0.2 syn target @5 < rst-ack ttl=1\n"
                     "0.2 syn target @6 < rst-ack ttl=2\n" +
                     closed_control(4);
  const auto verdict = verdict_of(lines, family);
  CHECK(verdict == "refused: between 2..3 strong: middlebox-reset injected-reset");
}

TEST_CASE("Peers 18: a block that sets in after the first hit is told", "[peer-18]") {
  const auto lines = "0.0 syn target < syn-ack ttl=61\n0.1 syn control < rst-ack ttl=61 marked\n" +
                     passes("target", 1, 3) +
                     "0.5 syn target x4\n0.6 syn control x3 every=0.5\n0.7 echo x3\n"
                     "0.6 connect syns=3\nfact ends=6\n";
  CHECK_THAT(verdict_of(lines), mentions("probe-ban"));
}
