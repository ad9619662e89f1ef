// Walks, distances, silence and the path table.

#include "analysis/correlate/correlator.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/path/path_builder.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/path/walk.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/trace_words.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;
using namespace std::chrono_literals;

namespace {

struct Seen {
  explicit Seen(const std::string& lines, Family family = Family::ipv4)
      : run(run_of(lines, family)), correlator(correlate(run)) {}
  [[nodiscard]] Walk walk(Aim aim = Aim::target) const {
    return walk_of(correlator.exchanges(), ProbeKind::syn, aim);
  }
  [[nodiscard]] Path path(std::optional<FlowEnd> end = {}, bool at_owner = false) const {
    return build_path(walk(), walk(Aim::control), end, at_owner);
  }
  Run run;
  Correlator correlator;
};

}  // namespace

TEST_CASE("Routers on the way back, for the smallest initial value that fits") {
  CHECK(return_hops({64}) == 0);
  CHECK(return_hops({61}) == 3);
  CHECK(return_hops({128}) == 0);
  CHECK(return_hops({120}) == 8);
  CHECK(return_hops({255}) == 0);
  CHECK(return_hops({250}) == 5);
  CHECK(return_hops({1}) == 63);
  CHECK(guessed_distance({64}) == 1);
  CHECK(guessed_distance({61}) == 4);
}

TEST_CASE("A box may start its messages at different values, the way back stays") {
  for (const int received : {62, 126, 253})
    CHECK(could_come_over({static_cast<std::uint8_t>(received)}, 2));
  CHECK_FALSE(could_come_over({61}, 2));
  CHECK_FALSE(could_come_over({63}, 2));
  CHECK(could_come_over({0}, 64));
  CHECK(could_come_over({0}, 255));
  CHECK(could_come_over({255}, 0));
}

TEST_CASE("A walk: where it passed, where it ended") {
  const Seen seen(passes("target", 1, 3) +
                  "0.2 syn target @4 < rst-ack ttl=61\n0 syn target < rst-ack ttl=61\n");
  const auto walk = seen.walk();
  CHECK(walk.last_passed() == 3);
  CHECK(walk.first_end() == 4);
  CHECK(walk.time_exceeded_at(2)->hop_limit.value == 63);
  CHECK(walk.time_exceeded_at(4) == nullptr);
  CHECK(walk.asked_at(4) == 1);
  CHECK(walk.asked_at(9) == 0);
  CHECK(walk.answered_at(4));
  CHECK_FALSE(walk.loop());
}

TEST_CASE("A probe that never left was not asked") {
  const Seen seen("0 syn target @1 unsent\n0.1 syn target @2\n");
  CHECK(seen.walk().asked_at(1) == 0);
  CHECK(seen.walk().asked_at(2) == 1);
  CHECK_FALSE(seen.walk().answered_at(2));
}

TEST_CASE("Time exceeded at full length is a loop, not a step of the walk") {
  const Seen seen("0 syn target < te from=r2 ttl=63\n0.1 syn target @1 < te from=r1 ttl=64\n");
  CHECK(seen.walk().last_passed() == 1);
}

TEST_CASE("A loop is the first router met again") {
  const Seen seen(passes("target", 1, 3) +
                  "0.2 syn target @4 < te from=r2 ttl=63\n0.2 syn target @5 < te from=r3 ttl=62\n");
  REQUIRE(seen.walk().loop());
  CHECK(seen.walk().loop()->first == 2);
  CHECK(seen.walk().loop()->again == 4);
}

TEST_CASE("Where a router is met again is told apart from where it would have answered first") {
  const Seen seen(passes("target", 1, 3) +
                  "0.2 syn target @4\n0.2 syn target @5 < te from=r3 ttl=62\n0.2 syn target @6\n"
                  "0.2 syn target @7 < te from=r3 ttl=62\n0.2 syn target @8 < te from=r2 ttl=63\n");
  const auto loop = seen.walk().loop();
  REQUIRE(loop);
  CHECK(loop->first == 2);
  CHECK(loop->again == 4);
  CHECK(loop->met_again == 8);
}

TEST_CASE("Patience is twice the longest round trip, between 250 ms and the user's limit") {
  Goal goal;
  CHECK(patience({}, goal) == 250ms);
  const Seen quick("0 syn target < rst-ack ttl=61 after=0.02\n");
  CHECK(patience(quick.correlator.exchanges(), goal) == 250ms);
  const Seen slow(
      "0 syn target < rst-ack ttl=61 after=0.3\n0 echo < echo-reply ttl=61 after=0.1\n");
  CHECK(patience(slow.correlator.exchanges(), goal) == 600ms);
  goal.patience = 400ms;
  CHECK(patience(slow.correlator.exchanges(), goal) == 400ms);
}

TEST_CASE("Neighbour failures and repeated SYNs say nothing about round trips") {
  const Goal goal;
  const Seen late("0 syn target < icmp=host from=r3 ttl=62 after=3.05\n");
  CHECK(patience(late.correlator.exchanges(), goal) == 250ms);
  const Seen repeated("0 connect syns=2 < syn-ack ttl=61 only=2\n");
  CHECK(patience(repeated.correlator.exchanges(), goal) == 250ms);
}

TEST_CASE("A SYN/ACK that comes a second late may be the server's repetition of a lost one") {
  const Goal goal;
  const std::string late = "0 syn target < syn-ack ttl=61 after=1.02\n";
  const Seen compared(late + "0 echo < echo-reply ttl=61 after=0.2\n");
  CHECK(patience(compared.correlator.exchanges(), goal) == 400ms);
  const Seen alone(late);  // then the way may be as long
  CHECK(patience(alone.correlator.exchanges(), goal) == 2040ms);
}

TEST_CASE("A long way is as long for all, and near answers make it no shorter") {
  const Goal goal;
  const std::string far = "0 syn target < syn-ack ttl=61 after=3.2\n";
  const Seen beside_router(far + "0 syn target @1 < te from=r1 ttl=64\n");
  CHECK(patience(beside_router.correlator.exchanges(), goal) == 6400ms);
  const Seen refused("0 syn target < rst-ack ttl=61 after=3.2\n");
  CHECK(patience(refused.correlator.exchanges(), goal) == 6400ms);
}

TEST_CASE("A round trip needs an answer") {
  const Seen seen("0 syn target < rst-ack ttl=61 after=0.007\n0.1 syn control\n");
  CHECK(round_trip(seen.correlator.exchanges()[0]) == Duration(7ms));
  CHECK_FALSE(round_trip(seen.correlator.exchanges()[1]));
}

TEST_CASE("The path table: who answered where, on which flow") {
  const Seen seen(passes("target", 1, 2) + "0.2 syn target @3 < rst-ack ttl=63\n" +
                  closed_control(4));
  const auto path = seen.path(FlowEnd{2, FlowState::answers});
  REQUIRE(path.hops.size() == 4);
  CHECK(path.hops[0].distance == 1);
  CHECK(to_string(path.hops[0].responders.at(0)) == "10.0.1.1");
  CHECK(path.hops[0].target_flow == FlowState::passes);
  CHECK(path.hops[1].target_flow == FlowState::answers);
  CHECK(path.hops[2].target_flow == FlowState::not_asked);
  CHECK(path.hops[2].control_flow == FlowState::passes);
  CHECK(path.hops[3].control_flow == FlowState::answers);
  CHECK(path.hops[3].responders.at(0) == seen.run.goal.target.address);
  CHECK(path.hops[0].round_trip == Duration(1ms));
  CHECK(path.hops[0].asked == 2);
  CHECK(path.hops[0].answered == 2);
  CHECK(path.distance.target_flow == 2);
  CHECK(path.distance.destination == 4);
}

TEST_CASE("Silent hops stay in the table, and one row follows the last that answered") {
  const Seen seen(
      "0.2 syn target @1 < te from=r1 ttl=64\n0.2 syn target @2 x3\n"
      "0.2 syn target @3 < te from=r3 ttl=62\n0.2 syn target @4 x3\n");
  const auto path = seen.path();
  REQUIRE(path.hops.size() == 4);
  CHECK(path.hops[1].target_flow == FlowState::silent);
  CHECK(path.hops[1].responders.empty());
  CHECK_FALSE(path.hops[1].round_trip);
  CHECK(path.hops[1].asked == 3);
  CHECK(path.hops[1].answered == 0);
  CHECK(path.hops[3].target_flow == FlowState::silent);
  CHECK_FALSE(path.distance.target_flow);
  CHECK_FALSE(path.distance.destination);
}

TEST_CASE("No row stands for a hop that was not asked for, as beyond the user's limit") {
  const Seen seen(
      "0.2 syn target @1 < te from=r1 ttl=64\n0.2 syn control @1 < te from=r1 ttl=64\n");
  CHECK(seen.path().hops.size() == 1);
}

TEST_CASE("A bare ACK counts a SYN that came before it: the host is no farther for that") {
  // Found in the lab: the SYN/ACK to the SYN with four hops to go was dropped on its way back.
  const Seen seen(passes("target", 1, 3) +
                  "0.2 syn target @4\n0.3 syn target @5 < segment ttl=61\n" + closed_control(4));
  const auto path = seen.path();
  CHECK(path.hops.size() == 4);
  CHECK(path.hops.back().target_flow == FlowState::answers);
  CHECK(path.distance.target_flow == std::uint8_t{4});
}

TEST_CASE("A router that rejects the control port does not tell how far the host is") {
  const Seen seen("0 syn control < icmp=admin from=r2 ttl=63 q=62\n" + passes("control", 1, 2) +
                  "0.2 syn control @3 < icmp=admin from=r2 ttl=63 q=1\n");
  const auto path = seen.path();
  CHECK_FALSE(path.distance.destination);
  REQUIRE(path.hops.size() == 2);
  CHECK(path.hops.back().control_flow == FlowState::blocked);
}

TEST_CASE("An answer in the host's name from nearer than the host does not name the hop") {
  const Seen seen(passes("target", 1, 1) + "0.2 syn target @3 < rst-ack ttl=63\n" +
                  closed_control(4));
  const auto path = seen.path();
  REQUIRE(path.hops.size() == 4);
  CHECK(path.hops.at(2).target_flow == FlowState::answers);
  for (const auto& responder : path.hops.at(2).responders)
    CHECK(responder != address_of("server", Family::ipv4));
}

TEST_CASE("The host answers where the other flow met a router, on a longer way: it is named") {
  const Seen seen(passes("target", 1, 1) + "0.2 syn target @2 < syn-ack ttl=63\n" +
                  closed_control(4));
  const auto path = seen.path({}, true);
  REQUIRE(path.hops.size() == 4);
  CHECK(path.hops[1].target_flow == FlowState::answers);
  REQUIRE(path.hops[1].responders.size() == 2);
  CHECK(path.hops[1].responders[0] == address_of("server", Family::ipv4));
  CHECK(path.hops[1].responders[1] == address_of("r2", Family::ipv4));
}

TEST_CASE(
    "The comparison port is answered on the shorter way: the host is named beside the router") {
  const Seen seen(passes("target", 1, 3) + "0.2 syn target @4 < syn-ack ttl=61\n" +
                  passes("control", 1, 2) + "0.2 syn control @3 < rst-ack ttl=61 marked\n");
  const auto path = seen.path({}, true);
  REQUIRE(path.hops.size() == 4);
  REQUIRE(path.hops[2].responders.size() == 2);
  CHECK(path.hops[2].responders[0] == address_of("r3", Family::ipv4));
  CHECK(path.hops[2].responders[1] == address_of("server", Family::ipv4));
}

TEST_CASE("Probes behind the end of their flow met it once more, or were asked in vain") {
  const Seen seen(passes("target", 1, 1) + "0.2 syn target @2\n0.2 syn target @3\n" +
                  "0.2 syn target @4 < rst-ack ttl=63\n" + closed_control(5));
  const auto path = seen.path(FlowEnd{2, FlowState::answers});
  REQUIRE(path.hops.size() == 5);
  CHECK(path.hops[1].target_flow == FlowState::answers);
  CHECK(path.hops[2].target_flow == FlowState::silent);
  CHECK(path.hops[3].target_flow == FlowState::not_asked);
  CHECK(path.hops[4].target_flow == FlowState::not_asked);
}

TEST_CASE("A router that resets all ports ends the control flow at its own hop") {
  const Seen seen(passes("target", 1, 2) + "0.2 syn target @3 < rst-ack ttl=63\n" +
                  passes("control", 1, 2) + "0.2 syn control @3 < rst-ack ttl=63\n");
  const auto path = seen.path(FlowEnd{2, FlowState::answers});
  REQUIRE(path.hops.size() == 2);
  CHECK(path.hops[1].control_flow == FlowState::answers);
  CHECK_FALSE(path.distance.destination);
}

TEST_CASE("Probes of few hops are swallowed on the way: the first that arrives tells no distance") {
  std::string lines = "0.2 syn control @1 < te from=r1 ttl=64\n";
  for (int hop = 2; hop < 11; ++hop) lines += "0.2 syn control @" + std::to_string(hop) + "\n";
  const Seen near(lines + "0.2 syn control @11 < rst-ack ttl=61 marked\n");
  CHECK_FALSE(near.path().distance.destination);
  CHECK(near.path().hops.back().control_flow == FlowState::answers);
  const Seen far(lines + "0.2 syn control @11 < rst-ack ttl=54 marked\n");
  CHECK(far.path().distance.destination == std::uint8_t{11});
}

TEST_CASE("A flow that a router rejects ends at that router, not where it was met") {
  // A rule in FORWARD or a failed ARP: the probe that had one hop less to go died there.
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const std::string host = "< icmp=host from=r3 ttl=62 after=3\n";
  const Seen seen(passes("control", 1, 3) + "0.1 syn control @4 " + host + passes("target", 1, 3) +
                      "0.2 syn target @4 " + host,
                  family);
  const auto path = seen.path();
  REQUIRE(path.hops.size() == 3);
  CHECK(path.hops[2].control_flow == FlowState::blocked);
  CHECK(path.hops[2].target_flow == FlowState::blocked);
  CHECK(path.hops[2].responders.size() == 1);
  CHECK(path.distance.target_flow == std::uint8_t{3});
  CHECK_FALSE(path.distance.destination);
}

TEST_CASE("A router that rejects only what is to go farther is named at its hop, and counted") {
  const Seen seen("0 syn target < icmp=net from=r2 ttl=63 q=63\n" + passes("target", 1, 1) +
                  "0.2 syn target @2\n0.2 syn control @2\n");
  const auto path = seen.path(FlowEnd{2, FlowState::blocked});
  REQUIRE(path.hops.size() == 2);
  CHECK(path.hops[1].target_flow == FlowState::blocked);
  REQUIRE(path.hops[1].responders.size() == 1);
  CHECK(to_string(path.hops[1].responders[0]) == "10.0.2.1");
  CHECK(path.hops[1].asked == 3);
  CHECK(path.hops[1].answered == 1);
  CHECK(path.hops[1].round_trip == Duration(1ms));
}

TEST_CASE("Who passes a port on and finds nobody stands where its time exceeded came from") {
  const Seen seen("0 syn control @3 < rst-ack ttl=62\n" + passes("target", 1, 2) +
                  "0.2 syn target @3 < te from=server ttl=62\n"
                  "0.2 syn target @4 < icmp=host ttl=62 after=3\n");
  const auto path = seen.path();
  REQUIRE(path.hops.size() == 3);
  CHECK(path.hops[2].target_flow == FlowState::blocked);
  CHECK(path.hops[2].control_flow == FlowState::answers);
  CHECK(path.distance.destination == std::uint8_t{3});
}

TEST_CASE(
    "The host rejects what was sent farther, and let nearer probes in: it is as near as before") {
  const Seen seen(passes("target", 1, 3) + "0.2 syn target @5 < icmp=admin ttl=61 q=1\n" +
                  closed_control(4));
  CHECK(seen.path().hops.size() == 4);
  CHECK(seen.path().distance.target_flow == std::uint8_t{4});
}

TEST_CASE("A limit that took the probes just to the host does not make it silent") {
  const auto limit = GENERATE(61, 62);
  const Seen seen(passes("target", 1, 3) + "0.2 syn target @4 x3\n0 syn target < syn-ack ttl=" +
                  std::to_string(limit) + "\n" + closed_control(4));
  const auto path = seen.path();
  const bool as_of_host = limit == 61;  // else it may be a device on the way
  CHECK(path.hops.at(3).target_flow == (as_of_host ? FlowState::answers : FlowState::silent));
  CHECK(path.distance.target_flow.has_value() == as_of_host);
}

TEST_CASE("Several routers at one distance are all named") {
  const Seen seen("0 syn target @2 < te from=r2 ttl=63\n0 syn control @2 < te from=r2b ttl=63\n");
  CHECK(seen.path().hops.at(1).responders.size() == 2);
}

TEST_CASE("An end met only at full length gives no distance") {
  const Seen seen("0 syn target < rst-ack ttl=61\n0.1 syn control < rst-ack ttl=61\n");
  CHECK(seen.path().hops.empty());
  CHECK_FALSE(seen.path().distance.target_flow);
}

TEST_CASE("A server that lost its SYN/ACK greets at 0, 3, 9 and 21 s at the latest") {
  CHECK(greetings_sent(2999ms) == 1);
  CHECK(greetings_sent(3s) == 2);
  CHECK(greetings_sent(20s) == 3);
  CHECK(greetings_sent(21s) == 4);
  CHECK(greeting_sent(1) == 0s);
  CHECK(greeting_sent(4) == 21s);
  CHECK(one_way(0.51) == Approx(0.3));
  CHECK(tries_against_chance(0.2) == 3);
  CHECK(tries_to_exclude_loss(0.2) == 5);
  CHECK(tries_to_lose_one(0.2) == 21);
}
