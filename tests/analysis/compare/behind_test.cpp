// A device answers in the server's name; a port forwarding leads to several machines.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

/// The SYN proxy passes the client's SYN on once the client has shown that it is real.
void by_proxy(Wire& wire) {
  wire.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
  wire.back(1001ms, Wire::segment(syn | ack, 7000, 1001), Seen::at_receiver, 63);
  wire.there(1012ms, Wire::segment(ack, 1001, 7001), Seen::at_sender);
  wire.there(1013ms, Wire::segment(syn, 1000, 0), Seen::at_receiver);
}

}  // namespace

TEST_CASE("Compare: a SYN proxy shows a connection that the server does not answer") {
  const bool reset = GENERATE(false, true);
  auto wire = around([&](Wire& middle) {
    by_proxy(middle);
    if (reset) middle.back(8s, Wire::segment(rst, 7001, 0), Seen::at_receiver, 63);
  });
  Analysis alone;
  alone.verdict.outcome = Outcome::open;
  CHECK(only(wire.compare()).finding == Finding::unanswered);
  const auto analysis = wire.verdict(alone);
  CHECK(analysis.verdict.outcome == (reset ? Outcome::closed_early : Outcome::silent_service));
  CHECK(analysis.verdict.culprit.where.kind == CulpritKind::destination);
  CHECK(analysis.verdict.culprit.confidence == Confidence::strong);
  CHECK(holds(analysis.verdict.explanations.front().because.front().text.str(), "device before"));
}

TEST_CASE("Compare: a SYN proxy shows a connection that the server refuses") {
  auto wire = around([](Wire& middle) {
    by_proxy(middle);
    middle.back(1030ms, Wire::segment(rst | ack, 0, 1001), Seen::at_sender);
  });
  Analysis alone;
  alone.verdict.outcome = Outcome::open;
  CHECK(only(wire.compare()).finding == Finding::refused_by_server);
  CHECK(wire.verdict(alone).verdict.outcome == Outcome::silent_service);
}

TEST_CASE("Compare: who serves the client itself may ask the server in vain") {
  auto wire = around([](Wire& middle) {
    by_proxy(middle);
    middle.back(1100ms, Wire::segment(ack, 7001, 1001, 20), Seen::at_receiver, 63);
  });
  CHECK(only(wire.compare()).finding == Finding::answer_invented);
}

namespace {

const IpAddress inner = IpAddress::v4(0x0a000001), other_inner = IpAddress::v4(0x0a000002);

/// From here on as `machine` at this port, so many routers farther than usual.
void lead_to(Wire& wire, const IpAddress& machine, std::uint16_t port, std::uint8_t farther = 0) {
  wire.flow.destination.port = port;
  wire.nat_there = [=](Observation& packet) {
    packet.flow.destination = {machine, port};
    packet.hop_limit.value = static_cast<std::uint8_t>(packet.hop_limit.value - farther);
  };
  wire.as_sent = [=](Observation& packet) { packet.flow.source = {machine, port}; };
}

}  // namespace

TEST_CASE("Compare: distances are those of the machine to which this port leads") {
  auto wire = around([](Wire& middle) {
    lead_to(middle, other_inner, 444, 2);
    for (std::uint16_t i = 0; i < 4; ++i) {
      middle.flow.source.port = static_cast<std::uint16_t>(50000 + i);
      handshake(middle, 1s + i * 100ms);
    }
    middle.flow = usual;
    lead_to(middle, inner, 443);
    middle.there(3s, Wire::segment(syn, 9000, 0));
    middle.back(3010ms, Wire::segment(rst | ack, 0, 9001));
  });
  wire.flow = usual;
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::refused_by_server);
  CHECK(comparison.distance == 4);
  CHECK(wire.verdict().verdict.culprit.where.address == inner);
}

TEST_CASE("Compare: a port that may lead to a machine without a capture proves nothing") {
  auto wire = around([](Wire& middle) {
    lead_to(middle, inner, 444);
    handshake(middle, 1s);
    middle.flow = usual;
    for (const auto at : {2s, 3s, 5s})
      middle.there(at, Wire::segment(syn, 8000, 0), Seen::at_sender);
  });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::not_shown);
  const auto analysis = wire.verdict(alone_dropped());
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.explanations.size() == 2);
  CHECK(holds(caveat(analysis, CaveatId::not_covered), "port 443 goes there"));
}

TEST_CASE("Compare: one packet that the server's capture lacks it may have missed") {
  const bool icmp = GENERATE(false, true);
  auto wire = around([&](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    if (icmp) {
      Wire::put(middle.here,
                middle.packet({Transport::icmp, {server, 0}, {client, 0}}, 61,
                              Wire::rejected(middle.flow, 3, 1000, 0)),
                1020ms);
    } else {
      middle.back(1010ms, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver);
    }
    middle.flow.source.port = 40001;
    handshake(middle, 3s);  // nothing is hidden
    middle.back(3100ms, Wire::segment(ack, 5001, 1001, 5));
    middle.flow = usual;
  });
  if (icmp) {  // nor here
    auto error = Wire::rejected(usual, 3, 77, 0);
    error.quote->flow.source = {other_client, 7};
    Wire::put(wire.far, wire.packet({Transport::icmp, {server, 0}, {other_client, 0}}, 64, error),
              4s);
  }
  const auto comparison = wire.compare();
  REQUIRE(comparison.attempts.size() == 2);
  CHECK(comparison.attempts.front().perhaps_own);
}
