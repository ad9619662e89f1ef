// Which packets of two captures are the same, and which attempts.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

TEST_CASE("Compare: an attempt at the server with nothing in common may be a proxy's") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s})
      middle.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.flow.source = {IpAddress::v4(0x0a000009), 5555};
    middle.there(1s, Wire::segment(syn, 990000, 0), Seen::at_receiver);
    middle.flow = usual;
  });
  CHECK(only(wire.compare()).finding == Finding::unclear);
  CHECK(wire.verdict().verdict.outcome == Outcome::inconclusive);
}

TEST_CASE("Compare: copies without an IP ID are told apart by the time") {
  auto wire = around([](Wire& middle) {
    middle.has_ids = false;
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.there(2s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.there(4s, Wire::segment(syn, 1000, 0));
    middle.back(4010ms, Wire::segment(rst | ack, 0, 1001));
    middle.has_ids = true;
  });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::refused_by_server);
  CHECK(comparison.lost_there == 2);
}

TEST_CASE("Compare: a walk's steps and what was meant to be ignored are no attempts") {
  auto wire = around([](Wire& middle) {
    auto step = middle.packet(middle.flow, 2, Wire::segment(syn, 2000, 0));
    Wire::put(middle.here, step, 1s);
    middle.there(2s, Wire::segment(syn, 3000, 0));
  });
  const auto comparison = compare_captures(Matched(Wire::side(wire.here), Wire::side(wire.far)),
                                           {usual.destination, {3000}});
  CHECK(comparison.attempts.empty());
}

TEST_CASE("Compare: one equal IP ID does not make two calls of different ends and numbers one") {
  Wire wire;
  handshake(wire, 1s);
  wire.next_id = 1;
  wire.flow.source = {other_client, 50000};
  for (auto at : {1500ms, 1520ms}) {
    const auto flags = at == 1500ms ? syn : ack;
    auto made = wire.packet(wire.flow, 61, Wire::segment(flags, at == 1500ms ? 90000 : 90001, 0));
    Wire::put(wire.far, made, at);
    wire.next_id = 700;
  }
  std::erase_if(wire.far, [](const Observation& packet) {
    return packet.flow.source.address == client || packet.flow.destination.address == client;
  });
  CHECK(only(wire.compare()).finding != Finding::answered);
  CHECK(only(wire.compare()).at_server == std::nullopt);
}

namespace {

/// SYNs of ours that get lost; at the server another's SYN, with the ID of our first, at `begin`
/// and what that one says next, with the ID of our second.
Wire like_another(Duration begin, std::uint8_t next) {
  return around([&](Wire& middle) {
    const auto first = middle.next_id;
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.there(2s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.flow.source = {other_client, 50000};
    middle.next_id = first;
    middle.there(begin, Wire::segment(syn, 90000, 0), Seen::at_receiver);
    middle.there(begin + 1s, Wire::segment(next, next == syn ? 90000 : 90001, 7000),
                 Seen::at_receiver);
    middle.flow = usual;
    middle.next_id = static_cast<std::uint16_t>(first + 2);
  });
}

}  // namespace

TEST_CASE("Compare: equal IP IDs at another time, or of other packets, make no call one") {
  CHECK(only(like_another(1s, syn).compare()).at_server);
  CHECK_FALSE(only(like_another(5s, syn).compare()).at_server);
  CHECK_FALSE(only(like_another(1s, ack).compare()).at_server);
}

TEST_CASE("Compare: where no clock tells, one equal IP ID does not make two calls one") {
  Wire wire;
  wire.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
  wire.next_id = 1;
  wire.flow.source = {other_client, 50000};
  wire.there(5s, Wire::segment(syn, 90000, 0), Seen::at_receiver);
  wire.flow = usual;
  CHECK_FALSE(only(wire.compare()).at_server);
}

TEST_CASE("Compare: data in the SYN is acknowledged with it") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0, 20));
    middle.back(1010ms, Wire::segment(syn | ack, 5000, 1021));
    middle.there(1020ms, Wire::segment(ack, 1021, 5001));
    middle.back(1030ms, Wire::segment(ack, 5001, 1021, 20));
  });
  CHECK(only(wire.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: a SYN/ACK whose sender was rewritten arrived, and is refused") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s}) {
      middle.there(at, Wire::segment(syn, 1000, 0));
      middle.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001));
      middle.here.back().flow.source.address = IpAddress::v4(0xc633644d);
    }
  });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::answer_misaddressed);
  CHECK(rewrite(comparison, Field::source_address, Way::back));
  const auto verdict = wire.verdict(alone_dropped()).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.explanations.front().mechanism == Mechanism::answer_lost);
}

TEST_CASE("Compare: a server that holds an older connection is not silent") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s}) {
      middle.there(at, Wire::segment(syn, 90'000, 0));
      middle.back(at + 10ms, Wire::segment(ack, 5000, 2000));
      middle.there(at + 20ms, Wire::segment(rst, 2000, 0), Seen::at_sender);
    }
  });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::older_connection);
  CHECK(only(comparison).server_packets.size() == 3);  // the ACKs, which prove it
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.explanations.front().mechanism == Mechanism::filter_drop);
  CHECK(verdict.culprit.where.kind == CulpritKind::between);
}

TEST_CASE(
    "Compare: a RST of a capture of outbound packets is known by the number it acknowledges") {
  auto wire = around([](Wire& middle) {
    middle.nat_there = [](Observation& packet) { packet.flow.source = {other_client, 61000}; };
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.as_sent = [](Observation& packet) { packet.flow.destination = {other_client, 61000}; };
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
    middle.nat_there = middle.as_sent = [](auto&) {};
  });
  std::erase_if(wire.far,
                [](const Observation& packet) { return packet.flow.source.address != server; });
  CHECK(only(wire.compare()).finding == Finding::refused_by_server);
}
