// Which of two captures is the client's, for each target.
#include "analysis/compare/direction.hpp"

#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

bool go_back(Wire& first_is_client, const IpAddress& target) {
  const Matched captures(Wire::side(first_is_client.here), Wire::side(first_is_client.far));
  return Directions(captures).go_back(target);
}

}  // namespace

TEST_CASE("Directions: connections to the machine of the first capture go back") {
  auto wire = around([](Wire& middle) { handshake(middle); });
  CHECK_FALSE(go_back(wire, server));
  CHECK(go_back(wire, client));  // where the server calls it
  std::swap(wire.here, wire.far);
  CHECK(go_back(wire, server));
  CHECK_FALSE(go_back(wire, client));
}

TEST_CASE("Directions: without a router between, time tells, and packets of both directions") {
  Wire wire;
  wire.offset = GENERATE(Duration(0s), Duration(-40s));
  const bool answered = GENERATE(true, false);
  for (const auto at : {1s, 2s, 4s}) {
    wire.there(at, Wire::segment(syn, 1000, 0));
    if (answered) wire.back(at + 11ms, Wire::segment(syn | ack, 5000, 1001));
  }
  for (auto* capture : {&wire.here, &wire.far})
    for (auto& packet : *capture) packet.hop_limit = {64};
  CHECK_FALSE(go_back(wire, server));
  std::swap(wire.here, wire.far);
  CHECK(go_back(wire, server) == answered);
}

TEST_CASE("Directions: a hop limit that something raises on one way tells nothing") {
  Wire wire;
  wire.nat_there = [](Observation& packet) { packet.hop_limit = {255}; };
  for (const auto at : {1s, 2s, 4s}) wire.there(at, Wire::segment(syn, 1000, 0));
  CHECK_FALSE(go_back(wire, server));
  wire.back(5s, Wire::segment(rst | ack, 0, 1001));
  CHECK_FALSE(go_back(wire, server));
}

TEST_CASE("Compare: time tells captures that change places from a hop limit that is set") {
  auto wire = around([](Wire& middle) {
    middle.nat_there = [](Observation& packet) { packet.hop_limit = {255}; };
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver);
  });
  for (auto* capture : {&wire.here, &wire.far})
    for (auto& packet : *capture)
      if (std::holds_alternative<IcmpEcho>(packet.message)) {
        const bool far = capture == &wire.far, back = packet.flow.source.address == server;
        packet.hop_limit = {static_cast<std::uint8_t>(far == back ? 64 : 254)};
      }
  CHECK_FALSE(wire.compare().swapped);
  CHECK(only(wire.compare()).finding == Finding::reset_instead);
  CHECK_FALSE(go_back(wire, server));
  std::swap(wire.here, wire.far);
  CHECK_FALSE(go_back(wire, server));  // no hop limit is larger where it arrives
}

TEST_CASE(
    "Compare: one packet that gains a hop limit, or one that a host begins with, is no proof") {
  const auto gaining = [](std::uint8_t sent, std::uint8_t received, int copies) {
    Wire wire;
    for (int i = 0; i < copies; ++i)
      wire.there(std::chrono::seconds(i), Wire::segment(syn, 1000, 0));
    for (auto& packet : wire.here) packet.hop_limit = {sent};
    for (auto& packet : wire.far) packet.hop_limit = {received};
    return wire;
  };
  CHECK_FALSE(gaining(63, 64, 1).compare().swapped);
  CHECK_FALSE(gaining(64, 255, 3).compare().swapped);
  CHECK(gaining(61, 64, 3).compare().swapped);
}

TEST_CASE("Compare: where something sets the hop limit on one way, the other tells the distance") {
  const auto set_to = GENERATE(as<std::uint8_t>{}, 64, 255);
  auto wire = around([&](Wire& middle) {
    middle.nat_there = [=](Observation& packet) { packet.hop_limit = {set_to}; };
    handshake(middle);
  });
  for (auto& packet : wire.far)
    if (packet.flow.source.address == client) packet.hop_limit = {set_to};
  CHECK(wire.compare().distance == std::uint8_t{routers + 1});
}

TEST_CASE("Compare: of captures in the other order it is said which is the client's") {
  auto wire = around([](Wire& middle) { handshake(middle); });
  const auto client_side = Wire::side(wire.here), server_side = Wire::side(wire.far);
  const auto comparison =
      compare_captures(Matched(client_side, server_side), {usual.destination, {}, true});
  const auto analysis = judge(comparison, client_side, server_side, usual.destination, {});
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(holds(caveat(analysis, CaveatId::captures_swapped), "the second file"));
}
