// Captures that leave out a direction, or short packets, or all but some flags, at either end.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

template <class Hidden>
void hide(std::vector<Observation>& capture, Hidden hidden) {
  std::erase_if(capture, [&](const Observation& packet) {
    const auto* segment = std::get_if<TcpSegment>(&packet.message);
    return segment && hidden(packet, *segment);
  });
}

constexpr auto from_server = [](const Observation& packet, const TcpSegment&) {
  return packet.flow.source.address == server;
};
constexpr auto to_server = [](const Observation& packet, const TcpSegment&) {
  return packet.flow.destination.address == server;
};
constexpr auto short_ones = [](const Observation&, const TcpSegment& segment) {
  return segment.payload == 0 && !segment.has(syn);
};
constexpr auto all_but_resets = [](const Observation&, const TcpSegment& segment) {
  return !segment.is_reset();
};

/// The service answers once, then its RST ends the connection.
Wire reset_by_server() {
  return around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 30));
    middle.back(1120ms, Wire::segment(ack, 5001, 1031, 30));
    middle.there(1140ms, Wire::segment(ack, 1031, 5031));
    middle.back(2s, Wire::segment(rst | ack, 5031, 1031));
  });
}

/// What the client says comes to the server, which drops it.
Wire taken_by_nobody() {
  return around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 5s}) middle.there(at, Wire::segment(ack, 1001, 5001, 100));
  });
}

}  // namespace

TEST_CASE("Compare: a capture without what comes to the server loses nothing on the way there") {
  auto wire = taken_by_nobody();
  hide(wire.far, to_server);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(wire.compare().lost_there == 0);
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "no TCP to port 443"));
}

TEST_CASE("Compare: a capture of long packets hides the server's own RST") {
  auto wire = reset_by_server();
  hide(wire.far, short_ones);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
}

TEST_CASE("Compare: a capture of RSTs alone does not make the SYN/ACK another's") {
  auto wire = reset_by_server();
  hide(wire.far, all_but_resets);
  CHECK(only(wire.compare()).finding != Finding::answer_invented);
  CHECK(wire.verdict().verdict.culprit.where.kind != CulpritKind::router);
}

TEST_CASE("Compare: a client's capture of SYNs alone does not make a broken connection open") {
  auto wire = reset_by_server();
  hide(wire.here, [](const Observation&, const TcpSegment& segment) { return !segment.has(syn); });
  CHECK(only(wire.compare()).finding == Finding::not_shown);
}

TEST_CASE(
    "Compare: a client's capture without what the server says does not take later messages "
    "for answers to the SYN") {
  auto wire = taken_by_nobody();
  IcmpError error{3, 3, Quote{}, {}};
  error.quote->flow = usual;
  error.quote->tcp_sequence = 1001;
  auto made = wire.packet({Transport::icmp, {server, 0}, {client, 0}}, 64, error);
  Wire::put(wire.far, made, 2020ms);
  made.hop_limit.value -= routers;
  Wire::put(wire.here, made, 2030ms);
  hide(wire.here, from_server);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
}

TEST_CASE("Compare: a server whose words are left out is not called silent") {
  auto wire = around([](Wire& middle) {
    middle.flow.destination.port = 22;
    handshake(middle);
    middle.back(1100ms, Wire::segment(ack, 5001, 1001, 1400), Seen::at_sender);
  });
  hide(wire.far, from_server);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
}

TEST_CASE("Compare: a capture without the port beside a SYN/ACK like the server's own") {
  auto wire = around([](Wire& middle) { handshake(middle); });
  hide(wire.far, [](const Observation&, const TcpSegment&) { return true; });
  CHECK(only(wire.compare()).finding == Finding::not_shown);
}

TEST_CASE("Compare: a client that asks once has its answer, though its capture shows none") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  });
  hide(wire.here, from_server);
  CHECK(only(wire.compare()).finding != Finding::answer_lost);
}

TEST_CASE("Compare: of two captures of SYNs alone an open port is not certain") {
  auto wire = reset_by_server();
  for (auto* capture : {&wire.here, &wire.far})
    hide(*capture, [](const Observation&, const TcpSegment& segment) { return !segment.has(syn); });
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::open);
  CHECK(verdict.culprit.confidence == Confidence::strong);
}
