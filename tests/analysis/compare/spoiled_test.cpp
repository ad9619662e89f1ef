// What arrives with a wrong checksum: no stack reads it, and no rule of the host is asked.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

/// What `wanted(segment)` arrives spoiled at the end that it goes to.
template <class Wanted>
void spoil(Wire& wire, const IpAddress& sender, Wanted wanted) {
  for (auto& packet : sender == server ? wire.here : wire.far)
    if (auto* segment = std::get_if<TcpSegment>(&packet.message))
      if (packet.flow.source.address == sender) segment->bad_checksum = wanted(*segment);
}

constexpr auto data = [](const TcpSegment& segment) { return segment.payload > 0; };
constexpr auto all = [](const TcpSegment&) { return true; };
constexpr auto resets = [](const TcpSegment& segment) { return segment.is_reset(); };

/// Data that is sent again and again, and never acknowledged.
Wire said_in_vain(bool back) {
  return around([&](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 5s, 8s})
      back ? middle.back(at, Wire::segment(ack, 5001, 1001, 100))
           : middle.there(at, Wire::segment(ack, 1001, 5001, 100));
  });
}

void check_spoiled(Wire& wire, Way way, Mechanism mechanism) {
  const auto found = only(wire.compare());
  CHECK(found.spoiled);
  CHECK(found.way == way);
  CHECK(holds(found.text, "wrong TCP checksum"));
  const auto verdict = wire.verdict().verdict;
  REQUIRE(verdict.explanations.size() == 1);
  CHECK(verdict.explanations.front().mechanism == mechanism);
  CHECK(verdict.culprit.where == Where{CulpritKind::between, std::uint8_t{0}, std::uint8_t{4}, {}});
  CHECK(verdict.culprit.confidence == Confidence::strong);
}

}  // namespace

TEST_CASE("Compare: data that arrives spoiled again and again is not ignored by who gets it") {
  const bool back = GENERATE(false, true);
  auto wire = said_in_vain(back);
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  spoil(wire, back ? server : client, data);
  check_spoiled(wire, back ? Way::back : Way::there, Mechanism::data_blocked);
  CHECK(wire.verdict().verdict.outcome == Outcome::silent_service);
}

TEST_CASE("Compare: data of which one copy arrives well is ignored by who gets it") {
  auto wire = said_in_vain(false);
  spoil(wire, client, data);
  const auto last = std::ranges::find_if(wire.far, [](const Observation& packet) {
    const auto* segment = std::get_if<TcpSegment>(&packet.message);
    return segment && segment->payload > 0;
  });
  std::get<TcpSegment>(last->message).bad_checksum = false;
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
}

TEST_CASE("Compare: acknowledgments that arrive spoiled are not ignored by the client") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 4s, 6s}) {
      middle.there(at, Wire::segment(ack, 1001, 5001, 100));
      middle.back(at + 20ms, Wire::segment(ack, 5001, 1101));
    }
  });
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  spoil(wire, server, [](const TcpSegment& segment) { return segment.acknowledgment == 1101; });
  check_spoiled(wire, Way::back, Mechanism::data_blocked);
}

TEST_CASE("Compare: a RST that arrives spoiled refuses nothing, and the client asks again") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s}) {
      middle.there(at, Wire::segment(syn, 1000, 0));
      middle.back(at + 20ms, Wire::segment(rst | ack, 0, 1001));
    }
  });
  spoil(wire, server, all);
  check_spoiled(wire, Way::back, Mechanism::answer_lost);
  CHECK(wire.verdict().verdict.outcome == Outcome::dropped);
}

TEST_CASE("Compare: a spoiled RST beside the server's SYN/ACK ends nothing") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 63);
    middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001));
    middle.there(1020ms, Wire::segment(ack, 1001, 5001));
  });
  spoil(wire, server, resets);
  CHECK(only(wire.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: a last step of the handshake that arrives spoiled makes no connection") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    for (const auto at : {1s, 2s, 4s}) {
      middle.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001));
      middle.there(at + 20ms, Wire::segment(ack, 1001, 5001));
    }
  });
  spoil(wire, client, [](const TcpSegment& segment) { return !segment.is_syn(); });
  check_spoiled(wire, Way::there, Mechanism::data_blocked);
}
