// ICMP messages that the server gets about what it sent to the client.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

const IpAddress last_router = IpAddress::v4(0xcb007101);

/// The router beside the server sends it a message about its segment with that number.
void tell_server(Wire& wire, Duration at, std::uint8_t code, std::uint32_t sequence) {
  const auto error = Wire::rejected(wire.flow.reversed(), code, sequence, 1400);
  Wire::put(wire.far, wire.packet({Transport::icmp, {last_router, 0}, {server, 0}}, 64, error), at);
}

/// Data of the server that is rejected on its way, again and again.
Wire rejected_answers() {
  return around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    for (const auto at : {1200ms, 1400ms, 1800ms, 2600ms}) {
      middle.back(at, Wire::segment(ack, 5001, 1101, 200), Seen::at_sender);
      tell_server(middle, at + 1ms, 13, 5001);
    }
  });
}

}  // namespace

TEST_CASE("Compare: what the server sends after an ICMP message is of the same connection") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.back(1100ms, Wire::segment(ack, 5001, 1001, 1448), Seen::at_sender);
    tell_server(middle, 1101ms, 4, 5001);
    middle.back(1110ms, Wire::segment(ack, 5001, 1001, 1300));
    middle.there(1120ms, Wire::segment(ack, 1001, 6301));
    middle.back(2s, Wire::segment(rst | ack, 6301, 1001));
  });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::closed_by_server);
  CHECK(std::ranges::count(comparison.crossings, Way::there, &Crossing::way) == 4);
  CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::destination);
}

TEST_CASE("Compare: a router that rejects what the server says is named, with its hop") {
  auto wire = rejected_answers();
  const auto finding = only(wire.compare());
  CHECK(finding.finding == Finding::data_lost);
  CHECK(finding.way == Way::back);
  CHECK(finding.stranger_address == last_router);
  CHECK(finding.server_packets.size() == 5);  // the copies, and the message
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.explanations.front().mechanism == Mechanism::icmp_reject_router);
  CHECK(verdict.culprit.where ==
        Where{CulpritKind::router, std::uint8_t{3}, std::uint8_t{3}, last_router});
  CHECK(verdict.culprit.confidence == Confidence::strong);
}

TEST_CASE("Compare: a message about the server's SYN/ACK leaves the client's SYNs what they are") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s}) {
      middle.there(at, Wire::segment(syn, 1000, 0));
      middle.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
      tell_server(middle, at + 11ms, 13, 5000);
    }
  });
  CHECK(only(wire.compare()).finding == Finding::answer_lost);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.culprit.where ==
        Where{CulpritKind::router, std::uint8_t{3}, std::uint8_t{3}, last_router});
}

TEST_CASE("Compare: a message about a better router rejects nothing") {
  auto wire = rejected_answers();
  for (auto& packet : wire.far)
    if (auto* error = std::get_if<IcmpError>(&packet.message)) error->type = 5, error->code = 1;
  CHECK(only(wire.compare()).finding == Finding::data_lost);
  CHECK_FALSE(only(wire.compare()).stranger_address);
}

TEST_CASE("Compare: a message about what the server sent begins no connection of the server's") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    tell_server(middle, 1101ms, 4, 5001);
    middle.back(2s, Wire::segment(rst | ack, 5001, 1001));
  });
  std::erase_if(wire.far, [](const Observation& packet) {  // a filter on RST
    const auto* segment = std::get_if<TcpSegment>(&packet.message);
    return segment && !segment->is_reset();
  });
  CHECK(only(wire.compare()).finding == Finding::closed_by_server);
}

TEST_CASE("Compare: a message to the client is so many hops from the client") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 5s}) {
      middle.there(at, Wire::segment(ack, 1001, 5001, 100), Seen::at_sender);
      IcmpError error{3, 13, Quote{}, {}};
      error.quote->flow = usual;
      error.quote->tcp_sequence = 1001;
      const Flow told{Transport::icmp, {IpAddress::v4(0xc6336402), 0}, {client, 0}};
      Wire::put(middle.here, middle.packet(told, 64, error), at + 1ms);  // the first router's
    }
  });
  CHECK(wire.verdict().verdict.culprit.where.first_hop == std::uint8_t{1});
  CHECK(wire.verdict().verdict.culprit.where.last_hop == std::uint8_t{1});
}

TEST_CASE("Compare: a server that does not heed a small link has one cause, there or on the link") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    for (const auto at : {1200ms, 1500ms, 2100ms, 3300ms}) {
      middle.back(at, Wire::segment(ack, 5001, 1101, 1448), Seen::at_sender);
      tell_server(middle, at + 1ms, 4, 5001);
    }
  });
  CHECK(only(wire.compare()).too_big);
  const auto verdict = wire.verdict().verdict;
  REQUIRE(verdict.explanations.size() == 1);
  CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
  CHECK(verdict.culprit.where == Where{CulpritKind::between, std::uint8_t{3}, std::uint8_t{4}, {}});
}
