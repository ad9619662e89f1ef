// What a middlebox rewrote between two captures.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

TEST_CASE("Compare: a NAT rewrites address and port, and the attempt is the same") {
  auto wire = Wire();
  const Endpoint outside{IpAddress::v4(0xc6336401), 61000};
  wire.nat_there = [&](Observation& packet) { packet.flow.source = outside; };
  wire.as_sent = [&](Observation& packet) { packet.flow.destination = outside; };
  handshake(wire);
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::answered);
  REQUIRE(only(comparison).at_server);
  CHECK(only(comparison).at_server->source == outside);
  const auto* address = rewrite(comparison, Field::source_address, Way::there);
  REQUIRE(address);
  CHECK(address->sent == "192.0.2.10");
  CHECK(address->received == "198.51.100.1");
  CHECK(rewrite(comparison, Field::source_port, Way::there)->received == "61000");
  CHECK(rewrite(comparison, Field::destination_address, Way::back));
  CHECK(rewrite(comparison, Field::destination_port, Way::back));
}

TEST_CASE("Compare: a port forward rewrites the destination") {
  Wire wire;
  const Endpoint inside{IpAddress::v4(0x0a000002), 2222};
  wire.nat_there = [&](Observation& packet) { packet.flow.destination = inside; };
  wire.as_sent = [&](Observation& packet) { packet.flow.source = inside; };
  handshake(wire);
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::answered);
  CHECK(rewrite(comparison, Field::destination_address, Way::there)->received == "10.0.0.2");
  CHECK(rewrite(comparison, Field::destination_port, Way::there)->received == "2222");
}

TEST_CASE("Compare: every other field that a device may rewrite") {
  struct Case {
    Field field;
    std::function<void(Observation&)> change;
    const char* received;
  };
  const auto tcp = [](Observation& packet) -> TcpSegment& {
    return std::get<TcpSegment>(packet.message);
  };
  const std::vector<Case> cases{
      {Field::mss,
       [&](auto& packet) {
         if (tcp(packet).mss) tcp(packet).mss = std::uint16_t{1300};
       },
       "1300"},
      {Field::traffic_class, [](auto& packet) { packet.traffic_class = 0x20; }, "32"},
      {Field::window, [&](auto& packet) { tcp(packet).window = 512; }, "512"},
      {Field::options,
       [&](auto& packet) { tcp(packet).timestamps = tcp(packet).sack_permitted = false; },
       "MSS, window scale"},
      {Field::hop_limit, [](auto& packet) { packet.hop_limit = {255}; }, "255"},
  };
  for (const auto& each : cases) {
    INFO(to_string(each.field));
    Wire wire;
    wire.nat_there = each.change;
    handshake(wire);
    const auto comparison = wire.compare();
    CHECK(only(comparison).finding == Finding::answered);
    REQUIRE(comparison.rewrites.size() == 1);
    CHECK(comparison.rewrites.front().field == each.field);
    CHECK(comparison.rewrites.front().received == each.received);
  }
}

TEST_CASE("Compare: ECN bits are the routers' to set") {
  Wire wire;
  wire.nat_there = [](Observation& packet) { packet.traffic_class |= 0x03; };
  handshake(wire);
  CHECK(wire.compare().rewrites.empty());
}

TEST_CASE("Compare: sequence numbers that a firewall randomises keep their distance") {
  for (const bool nat : {false, true}) {
    Wire wire;
    constexpr std::uint32_t shift_there = 0xdeadbeef, shift_back = 0x12345678;
    wire.nat_there = [&](Observation& packet) {
      auto& segment = std::get<TcpSegment>(packet.message);
      segment.sequence += shift_there;
      if (segment.has(ack)) segment.acknowledgment -= shift_back;
      if (nat) packet.flow.source = {IpAddress::v4(0xc6336401), 61000};
    };
    wire.as_sent = [&](Observation& packet) {  // as the server sends it
      auto& segment = std::get<TcpSegment>(packet.message);
      segment.sequence -= shift_back;
      segment.acknowledgment += shift_there;
      if (nat) packet.flow.destination = {IpAddress::v4(0xc6336401), 61000};
    };
    wire.ping(0s);
    handshake(wire);
    wire.there(2s, Wire::segment(ack, 1001, 5001, 100));
    wire.back(2010ms, Wire::segment(ack, 5001, 1101, 50));
    wire.ping(9s);
    const auto comparison = wire.compare();
    CHECK(only(comparison).finding == Finding::answered);
    CHECK(comparison.lost_there + comparison.lost_back == 0);
    CHECK(comparison.paired == 5);
    CHECK(rewrite(comparison, Field::sequence, Way::there));
    CHECK(rewrite(comparison, Field::sequence, Way::back));
    CHECK(rewrite(comparison, Field::acknowledgment, Way::back));
  }
}

TEST_CASE("Compare: a RST to a randomised SYN is found again") {
  Wire wire;
  wire.nat_there = [](Observation& packet) { std::get<TcpSegment>(packet.message).sequence += 77; };
  wire.as_sent = [](Observation& packet) {
    std::get<TcpSegment>(packet.message).acknowledgment += 77;
  };
  wire.there(1s, Wire::segment(syn, 1000, 0));
  wire.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  CHECK(only(wire.compare()).finding == Finding::refused_by_server);
}

TEST_CASE("Compare: a port that is closed behind a port forward is closed on the inner host") {
  Wire wire = around([](Wire& middle) {
    const Endpoint inside{IpAddress::v4(0x0a000002), 2222};
    middle.nat_there = [=](Observation& packet) { packet.flow.destination = inside; };
    middle.as_sent = [=](Observation& packet) { packet.flow.source = inside; };
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
    middle.nat_there = middle.as_sent = [](auto&) {};
  });
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.culprit.where.address == IpAddress::v4(0x0a000002));
  CHECK(verdict.explanations.front().mechanism == Mechanism::closed_port);
  REQUIRE(verdict.explanations.back().mechanism == Mechanism::port_forward);
  CHECK(verdict.explanations.back().rank == 2);
  CHECK(verdict.explanations.back().where.address == server);
}
