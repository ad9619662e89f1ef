// Segments that were cut in IP fragments on the way.
#include "analysis/compare/reassembly.hpp"
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t id = 77, tcp_header = 20;
constexpr IpPiece first_piece{id, 0, tcp_header + 60, false},
    second_piece{id, tcp_header + 60, tcp_header + 100, true};

/// The first fragment of a segment with 100 bytes of data has 60 of them.
Observation head(Duration at) {
  Observation packet;
  packet.at = TimePoint(at);
  packet.flow = usual;
  packet.message = Wire::segment(ack, 1001, 5001, 60);
  return packet;
}

Observation tail(Duration at) {
  auto packet = head(at);
  packet.flow.source.port = packet.flow.destination.port = 0;
  packet.fragment = true;
  packet.message = Unreadable{"not the first fragment"};
  return packet;
}

IpPiece numbered(IpPiece piece, std::uint32_t number) {
  piece.id = number;
  return piece;
}

std::uint32_t payload(const Observation& packet) {
  return std::get<TcpSegment>(packet.message).payload;
}

constexpr auto times = {1100ms, 1300ms, 1700ms, 2500ms, 4100ms};

/// What the client says five times is cut on its way. The server's capture has of each its first
/// fragment, and perhaps its second.
Wire said(bool whole) {
  auto wire = around([](Wire& middle) { handshake(middle); });
  std::vector<Fragment> fragments;
  wire.far.reserve(100);
  std::uint32_t number = id;
  const auto arrive = [&](const Observation& packet, const IpPiece& piece) {
    Wire::put(wire.far, packet, packet.at.time_since_epoch());
    fragments.push_back({&wire.far.back(), numbered(piece, number)});
  };
  for (const auto at : times) {
    wire.there(at, Wire::segment(ack, 1001, 5001, 100), Seen::at_sender);
    arrive(head(at + 10ms), first_piece);
    if (whole) arrive(tail(at + 10ms), second_piece);
    ++number;
  }
  wire.torn_far = reassemble(fragments);
  return wire;
}

}  // namespace

TEST_CASE("Compare: fragments that are all there are one segment, in whatever order they came") {
  auto first = head(1s), second = tail(1s);
  std::vector<Fragment> fragments{{&first, first_piece}, {&second, second_piece}};
  if (GENERATE(true, false)) std::swap(fragments[0], fragments[1]);
  CHECK(reassemble(fragments).empty());
  CHECK(payload(first) == 100);
}

TEST_CASE("Compare: fragments of which one is missing stay what they are") {
  auto first = head(1s), second = tail(1s), other = head(1s);
  first.frame = {3};
  std::vector<Fragment> fragments{{&first, first_piece}};
  SECTION("the last") {}
  SECTION("one in the middle") {
    auto piece = second_piece;
    piece.begin += 8;
    fragments.push_back({&second, piece});
  }
  SECTION("and another packet has its number later") {
    second.at += 30s;
    fragments.push_back({&second, second_piece});
  }
  SECTION("and another packet has all") {
    fragments.push_back({&other, numbered(first_piece, 78)});
    fragments.push_back({&second, numbered(second_piece, 78)});
    static_cast<void>(reassemble(fragments));
    CHECK(payload(other) == 100);
    std::get<TcpSegment>(other.message).payload = 60;
  }
  CHECK(reassemble(fragments).front() == FrameId{3});
  CHECK(payload(first) == 60);
}

TEST_CASE("Compare: data that arrives whole, in fragments, is not lost on the way") {
  auto wire = said(true);
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  const auto culprit = wire.verdict().verdict.culprit;
  CHECK(culprit.where.kind == CulpritKind::destination);
  CHECK(culprit.confidence == Confidence::strong);
}

TEST_CASE("Compare: later fragments are missing where the capture shows such of others") {
  auto wire = said(false);
  auto other = tail(5s);
  other.flow.source.address = other_client;
  Wire::put(wire.far, other, 5s);
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::data_lost);
  CHECK(holds(only(comparison).text, "later fragments are missing"));
}

TEST_CASE("Compare: a capture without any later fragment may have a filter on the port") {
  auto wire = said(false);
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::not_shown);
  CHECK(holds(only(comparison).text, "filter on the port"));
  Analysis open;
  open.verdict.outcome = Outcome::open;
  const auto verdict = wire.verdict(open).verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.culprit.confidence == Confidence::weak);
}

TEST_CASE("Compare: of first fragments at both ends nobody knows what became of the others") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : times) middle.there(at, Wire::segment(ack, 1001, 5001, 60));
  });
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  for (const auto& packet : wire.here)
    if (const auto* segment = std::get_if<TcpSegment>(&packet.message);
        segment && segment->payload > 0)
      wire.torn_here.push_back(packet.frame);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
}
