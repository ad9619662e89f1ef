// Connections that were made before the captures began.
#include "analysis/compare/call.hpp"
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

/// A question and its answer, in the middle of a connection.
void talk(Wire& wire, Duration at, std::uint32_t said) {
  wire.there(at, Wire::segment(ack, 1001 + said, 5001 + said, 5));
  wire.back(at + 20ms, Wire::segment(ack, 5001 + said, 1006 + said, 5));
  wire.there(at + 40ms, Wire::segment(ack, 1006 + said, 5006 + said));
}

void stall(Wire& wire) {
  for (const auto at : {3s, 4s, 6s})
    wire.there(at, Wire::segment(ack, 1006, 5006, 5), Seen::at_sender);
}

}  // namespace

TEST_CASE("Compare: a connection that was made before dies while both look on") {
  auto wire = around([](Wire& middle) {
    talk(middle, 1s, 0);
    stall(middle);
  });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::data_lost);
  CHECK(holds(only(comparison).text, "made before the captures began"));
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::silent_service);
  CHECK(analysis.attempts.total == 1);
  CHECK(analysis.verdict.culprit.where.kind == CulpritKind::between);
}

TEST_CASE("Compare: a RST in the middle of a connection that the server never sent is forged") {
  auto wire = around([](Wire& middle) {
    talk(middle, 1s, 0);
    middle.there(3s, Wire::segment(ack, 1006, 5006, 5), Seen::at_sender);
    middle.back(3001ms, Wire::segment(rst, 5006, 0), Seen::at_receiver, 63);
  });
  CHECK(only(wire.compare()).finding == Finding::reset_instead);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK(verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
}

TEST_CASE("Compare: a connection that was made before and goes on, or ends, is no attempt") {
  auto wire = around([](Wire& middle) {
    talk(middle, 1s, 0);
    talk(middle, 2s, 5);
    middle.back(3s, Wire::segment(rst, 5011, 0));
  });
  CHECK(wire.compare().attempts.empty());
}

TEST_CASE("Compare: an older connection whose words arrive at both ends and are not acknowledged") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {3s, 4s, 6s}) middle.there(at, Wire::segment(ack, 1006, 5006, 5));
  });
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
}

TEST_CASE("Compare: a connection that the client's capture shows from its end on") {
  const bool same = GENERATE(true, false);
  auto wire = around([&](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_receiver);
    middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 5), Seen::at_receiver);
    middle.back(1110ms, Wire::segment(ack, 5001, 1006, 5), Seen::at_sender);
    for (const auto at : {3s, 4s, 6s})
      middle.there(at, Wire::segment(ack, same ? 1006 : 9006, 5006, 5), Seen::at_sender);
  });
  const auto comparison = wire.compare();
  CHECK(comparison.attempts.size() == (same ? 1 : 0));
  if (same) CHECK(only(comparison).finding == Finding::data_lost);
}

TEST_CASE("Compare: where no attempt can be compared the client's capture alone has to do") {
  auto wire = around([](Wire& middle) { talk(middle, 1s, 0); });
  CHECK(wire.compare().attempts.empty());
  const auto verdict = wire.verdict(alone_dropped()).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.explanations.size() == 2);
}

TEST_CASE("Compare: who rewrites the numbers of an older connection leaves nothing to tell it by") {
  auto wire = around([](Wire& middle) {
    middle.nat_there = [](Observation& packet) {
      std::get<TcpSegment>(packet.message).sequence += 77;
    };
    for (const auto at : {3s, 4s, 6s}) middle.there(at, Wire::segment(ack, 1006, 5006, 5));
  });
  SECTION("under the same ports") {}
  SECTION("under others") {
    for (auto& packet : wire.far)
      if (packet.flow == usual) packet.flow.source.port = 51000;
  }
  CHECK(wire.compare().attempts.empty());
}

TEST_CASE("Compare: an older connection is known by its data where the addresses are translated") {
  auto wire = around([](Wire& middle) {
    const Endpoint outside{IpAddress::v4(0xc6336401), 51000};
    middle.nat_there = [=](Observation& packet) { packet.flow.source = outside; };
    middle.as_sent = [=](Observation& packet) { packet.flow.destination = outside; };
    talk(middle, 1s, 0);
    stall(middle);
  });
  CHECK(only(wire.compare()).at_server->source.port == 51000);
  CHECK(only(wire.compare()).finding == Finding::data_lost);
}

TEST_CASE("Compare: an older connection of which nothing arrives, where nothing else is there") {
  auto wire = around([](Wire& middle) { stall(middle); });
  others_use_the_port(wire);
  CHECK(wire.compare().attempts.empty());  // that may be it
  wire = around([](Wire& middle) { stall(middle); });
  const auto mine = std::exchange(wire.flow, {Transport::tcp, {other_client, 1234}, {server, 443}});
  handshake(wire, 2s);
  wire.flow = mine;
  CHECK(wire.compare().attempts.size() == 2);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.culprit.confidence <= Confidence::strong);
}

TEST_CASE("Compare: of a long connection the packets that are not kept are not missing") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (std::uint32_t i = 0; i < most_packets + 10; ++i)
      middle.back(2s + i * 1ms, Wire::segment(ack, 5001 + i * 100, 1001, 100));
    middle.back(8s, Wire::segment(rst, 5001 + (most_packets + 10) * 100, 0));
  });
  // One packet less in the client's capture, where the network card joined two.
  const auto second = std::ranges::find_if(wire.here, [](const Observation& packet) {
    const auto* segment = segment_of(packet);
    return segment && segment->payload > 0;
  });
  std::get<TcpSegment>(second->message).payload = 2000;
  wire.here.erase(second + 1, second + 20);
  const auto found = only(wire.compare()).finding;
  CHECK(found != Finding::reset_injected);
  CHECK(found != Finding::reset_instead);
}
