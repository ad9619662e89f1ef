// Connections of other clients at the same server, and what may be the client's own, rewritten.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

/// At the server alone.
void other_connects(Wire& wire, Duration at) {
  const auto mine = std::exchange(wire.flow, {Transport::tcp, {other_client, 5555}, {server, 443}});
  wire.there(at, Wire::segment(syn, 990'000, 0), Seen::at_receiver);
  wire.back(at + 10ms, Wire::segment(syn | ack, 70'000, 990'001), Seen::at_sender);
  wire.there(at + 20ms, Wire::segment(ack, 990'001, 70'001), Seen::at_receiver);
  wire.flow = mine;
}

/// Another client only asks.
void other_asks(Wire& wire, Duration at) {
  const auto mine = std::exchange(wire.flow, {Transport::tcp, {other_client, 5555}, {server, 443}});
  wire.there(at, Wire::segment(syn, 990'000, 0), Seen::at_receiver);
  wire.flow = mine;
}

}  // namespace

TEST_CASE("Compare: another client that connects meanwhile is not this one, whose SYNs are lost") {
  auto wire = around([](Wire& middle) {
    ask_in_vain(middle);
    other_connects(middle, 1500ms);
  });
  CHECK(only(wire.compare()).finding == Finding::request_lost);
  CHECK_FALSE(wire.compare().unsure);
}

TEST_CASE("Compare: another client that connects meanwhile does not hide a forged RST") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 63);
    other_connects(middle, 1500ms);
  });
  CHECK(only(wire.compare()).finding == Finding::reset_instead);
}

TEST_CASE("Compare: a call that begins before the client's is not the client's") {
  auto wire = around([](Wire& middle) {
    ask_in_vain(middle);
    other_asks(middle, 900ms);
  });
  CHECK(only(wire.compare()).finding == Finding::request_lost);
}

TEST_CASE("Compare: what cannot be told from another client's is said by the client's capture") {
  auto wire = around([](Wire& middle) {
    ask_in_vain(middle);
    other_asks(middle, 1100ms);
  });
  CHECK(only(wire.compare()).finding == Finding::unclear);
  auto alone = alone_dropped();
  alone.verdict.culprit.confidence = Confidence::strong;
  const auto analysis = wire.verdict(alone);
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.culprit.confidence == Confidence::weak);
  CHECK(analysis.verdict.explanations.size() == 2);
  CHECK_FALSE(caveat(analysis, CaveatId::unmatched).empty());
}

TEST_CASE("Compare: a proxy's SYN/ACK comes from nearer than the server's pings") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(syn | ack, 5000, 1001), Seen::at_receiver, 64);
    middle.there(1010ms, Wire::segment(ack, 1001, 5001), Seen::at_sender);
    other_connects(middle, 1020ms);
  });
  CHECK(only(wire.compare()).finding == Finding::answer_invented);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::open);
  CHECK(verdict.explanations.front().mechanism == Mechanism::transparent_proxy);
  CHECK(verdict.culprit.where == Where{CulpritKind::between, std::uint8_t{0}, std::uint8_t{1}, {}});
  CHECK(verdict.culprit.confidence == Confidence::strong);
}

TEST_CASE("Compare: a proxy's SYN/ACK passes no router, and what comes to the server passes some") {
  Wire wire;
  wire.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
  wire.back(1s, Wire::segment(syn | ack, 5000, 1001), Seen::at_receiver, 64);
  wire.there(1020ms, Wire::segment(ack, 1001, 5001), Seen::at_sender);
  wire.back(1040ms, Wire::segment(fin | ack, 5001, 1001), Seen::at_receiver, 64);
  wire.flow.source = {other_client, 5555};
  wire.there(1010ms, Wire::segment(syn, 990'000, 0), Seen::at_receiver);
  wire.back(1030ms, Wire::segment(rst | ack, 0, 990'001), Seen::at_sender);
  for (const auto at : {0s, 9s}) wire.there(at, Wire::segment(ack, 77, 99), Seen::at_receiver);
  wire.flow = usual;
  CHECK(only(wire.compare()).finding == Finding::answer_invented);
  const auto verdict = wire.verdict(alone_dropped()).verdict;
  CHECK(verdict.culprit.where.kind != CulpritKind::destination);
  CHECK(verdict.culprit.confidence == Confidence::weak);
}

namespace {

/// A SYN proxy beside the client answers with a number of its own and no window, then asks the
/// server, and translates from there on.
Wire syn_proxy(bool is_open) {
  return around([&](Wire& middle) {
    constexpr std::uint32_t shift = 0x2a8db9f1;
    const auto windowed = [](TcpSegment segment, std::uint16_t window) {
      segment.window = window;
      return segment;
    };
    middle.there(1s, windowed(Wire::segment(syn, 1000, 0), 64240), Seen::at_sender);
    middle.back(1s, windowed(Wire::segment(syn | ack, 5000 + shift, 1001), 0), Seen::at_receiver,
                64);
    middle.there(1011ms, Wire::segment(ack, 1001, 5001 + shift), Seen::at_sender);
    middle.there(1012ms, windowed(Wire::segment(syn, 1000, 0), 63), Seen::at_receiver);
    if (!is_open) {
      middle.back(1030ms, Wire::segment(rst | ack, 0, 1001), Seen::at_sender);
      middle.back(1030ms, Wire::segment(rst | ack, 5001 + shift, 1001), Seen::at_receiver);
      return;
    }
    middle.back(1030ms, windowed(Wire::segment(syn | ack, 5000, 1001), 65160), Seen::at_sender);
    middle.there(1031ms, Wire::segment(ack, 1001, 5001), Seen::at_receiver);
    middle.as_sent = [](Observation& packet) {
      std::get<TcpSegment>(packet.message).sequence -= shift;
    };
    middle.back(1050ms, windowed(Wire::segment(ack, 5001 + shift, 1001, 30), 500));
    middle.as_sent = [](auto&) {};
  });
}

}  // namespace

TEST_CASE("Compare: a SYN proxy's answer is not the server's") {
  auto wire = syn_proxy(true);
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::answer_invented);
  CHECK(comparison.clock.consistent);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::open);
  CHECK(verdict.explanations.front().mechanism == Mechanism::syn_proxy);
  CHECK(verdict.culprit.where == Where{CulpritKind::between, std::uint8_t{0}, std::uint8_t{1}, {}});
}

TEST_CASE("Compare: a port that is closed behind a SYN proxy is closed on the server") {
  auto wire = syn_proxy(false);
  CHECK(only(wire.compare()).finding == Finding::refused_by_server);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK(verdict.explanations.front().mechanism == Mechanism::closed_port);
  CHECK(verdict.culprit.where.kind == CulpritKind::destination);
  CHECK(verdict.culprit.confidence == Confidence::strong);
}
