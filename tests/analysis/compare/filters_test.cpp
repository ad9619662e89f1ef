// What an ordinary capture filter at the server hides is neither lost nor forged.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

const TcpSegment* tcp(const Observation& packet) {
  return std::get_if<TcpSegment>(&packet.message);
}

/// tcpdump 'icmp or (tcp[tcpflags] & ... != 0)'
void keep_flags(std::vector<Observation>& capture, std::uint8_t flags) {
  std::erase_if(capture, [&](const Observation& packet) {
    return tcp(packet) && !(tcp(packet)->flags & flags);
  });
}

/// tcpdump 'icmp or dst port 443'
void keep_inbound(std::vector<Observation>& capture) {
  std::erase_if(capture, [](const Observation& packet) {
    return tcp(packet) && packet.flow.source.address == server;
  });
}

void talk(Wire& wire) {
  handshake(wire);
  wire.there(1100ms, Wire::segment(ack, 1001, 5001, 30));
  wire.back(1110ms, Wire::segment(ack, 5001, 1031));
  wire.back(1120ms, Wire::segment(ack, 5001, 1031, 30));
  wire.there(1140ms, Wire::segment(ack, 1031, 5031));
}

/// A connection that works and is ended by the client.
Wire working() {
  return around([](Wire& middle) {
    talk(middle);
    middle.there(1150ms, Wire::segment(fin | ack, 1031, 5031));
    middle.back(1160ms, Wire::segment(fin | ack, 5031, 1032));
    middle.there(1180ms, Wire::segment(ack, 1032, 5032));
  });
}

}  // namespace

TEST_CASE("Compare: a filter on flags hides segments of a connection that works") {
  for (const auto flags : {syn, std::uint8_t(syn | fin | rst)}) {
    auto wire = working();
    keep_flags(wire.far, flags);
    const auto comparison = wire.compare();
    CHECK(only(comparison).finding == Finding::answered);
    CHECK(comparison.lost_there + comparison.lost_back == 0);
  }
}

TEST_CASE("Compare: a filter on flags at the client hides segments, too") {
  auto wire = around([](Wire& middle) {
    talk(middle);
    for (const auto at : {2s, 3s}) middle.back(at, Wire::segment(ack, 5031, 1031, 40));
    middle.there(4s, Wire::segment(ack, 1031, 5071));
  });
  keep_flags(wire.here, syn);
  CHECK(wire.compare().lost_back == 0);
  CHECK(only(wire.compare()).finding != Finding::data_lost);
}

TEST_CASE("Compare: a filter on SYN hides the server's own RST") {
  auto wire = around([](Wire& middle) {
    talk(middle);
    middle.back(2s, Wire::segment(rst | ack, 5031, 1031));
  });
  keep_flags(wire.far, syn);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "SYN"));
}

TEST_CASE("Compare: data that a filter hides and that nobody answers is not called lost") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 5s}) middle.there(at, Wire::segment(ack, 1001, 5001, 30));
  });
  keep_flags(wire.far, syn);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
}

TEST_CASE("Compare: a server that repeats its SYN/ACK did not get the last step of the handshake") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    for (const auto at : {1010ms, 2010ms, 4010ms}) {
      middle.back(at, Wire::segment(syn | ack, 5000, 1001));
      middle.there(at + 10ms, Wire::segment(ack, 1001, 5001), Seen::at_sender);
    }
  });
  CHECK(only(wire.compare()).finding == Finding::data_lost);
  CHECK(only(wire.compare()).way == Way::there);
  CHECK(only(wire.compare()).half_made);
  CHECK(only(wire.compare()).small_lost);
  CHECK(wire.compare().lost_there == 3);
  CHECK(holds(wire.verdict().verdict.explanations.front().because.back().text.str(),
              "one direction"));
}

TEST_CASE("Compare: a filter on the destination hides what the service says") {
  auto wire = working();
  keep_inbound(wire.far);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "from port 443"));

  auto closed = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  });
  keep_inbound(closed.far);
  CHECK(only(closed.compare()).finding == Finding::not_shown);
}

TEST_CASE(
    "Compare: a SYN/ACK that one capture missed is the server's, who goes on from its number") {
  auto wire = working();
  std::erase_if(wire.far,
                [](const Observation& packet) { return tcp(packet) && tcp(packet)->is_syn_ack(); });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::answered);
  CHECK(std::ranges::count(comparison.crossings, Fate::stranger, &Crossing::fate) == 0);
}

TEST_CASE(
    "Compare: a capture that missed a burst shows later packets that go on from its SYN/ACK") {
  const bool translated = GENERATE(false, true);
  auto wire = around([&](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_receiver, 63);
    middle.there(1020ms, Wire::segment(ack, 1001, 5001), Seen::at_sender);
    middle.there(1030ms, Wire::segment(ack, 1001, 5001, 70), Seen::at_sender);
    middle.back(1040ms, Wire::segment(ack, 5001, 1071, 118), Seen::at_receiver);
    if (translated) {
      middle.as_sent = [](auto& packet) { std::get<TcpSegment>(packet.message).sequence += 77; };
      middle.nat_there = [](auto& packet) {
        std::get<TcpSegment>(packet.message).acknowledgment += 77;
      };
    }
    middle.there(1050ms, Wire::segment(ack, 1071, 5119));
    middle.back(1060ms, Wire::segment(fin | ack, 5119, 1071));
  });
  const auto finding = only(wire.compare()).finding;
  CHECK((finding == Finding::answered) == !translated);
}

TEST_CASE("Compare: a server that resets what it never began does not own the SYN/ACK") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(syn | ack, 7000, 1001), Seen::at_receiver, 63);
    middle.there(1020ms, Wire::segment(ack, 1001, 7001));
    middle.back(1030ms, Wire::segment(rst, 7001, 0), Seen::at_sender);
  });
  CHECK(only(wire.compare()).finding == Finding::answer_invented);
}

TEST_CASE("Compare: a filter on SYN hides the RST that refuses one client, and shows another's") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
    middle.flow.source = {other_client, 1234};
    middle.there(5s, Wire::segment(syn, 77, 0), Seen::at_receiver);
    middle.back(5s, Wire::segment(syn | ack, 99, 78), Seen::at_sender);
    middle.flow = usual;
  });
  keep_flags(wire.far, syn);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
}

TEST_CASE("Compare: data that the server acknowledges came, whatever its capture shows") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s})
      middle.there(at, Wire::segment(ack, 1001, 5001, 50), Seen::at_sender);
    middle.back(4s, Wire::segment(ack, 5001, 1051));
  });
  CHECK(only(wire.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: a service that does not greet, beside a filter on SYN, is not called open") {
  Wire wire;
  wire.flow.destination.port = 22;
  wire.ping(0s);
  handshake(wire);
  wire.ping(9s);
  keep_flags(wire.far, syn);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(only(wire.compare()).outcome == Outcome::silent_service);
}
