// How two captures' clocks are compared, and what is not said where they cannot be.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

TEST_CASE("Compare: the clocks may be apart, and by how much is said with its uncertainty") {
  for (const auto offset : {Duration(3s), Duration(-3s), Duration(1h)}) {
    auto wire = around([&](Wire& middle) { handshake(middle); });
    wire.offset = offset;
    Wire shifted;
    shifted.offset = offset;
    shifted.delay_there = 30ms;
    shifted.ping(0s);
    shifted.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    shifted.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 63);
    shifted.ping(9s);
    const auto comparison = shifted.compare();
    REQUIRE(comparison.clock.offset);
    REQUIRE(comparison.clock.uncertainty);
    CHECK(std::chrono::abs(*comparison.clock.uncertainty - 20ms) < 10us);
    CHECK(*comparison.clock.offset - offset <= *comparison.clock.uncertainty);
    CHECK(offset - *comparison.clock.offset <= *comparison.clock.uncertainty);
    CHECK(only(comparison).finding == Finding::reset_instead);
  }
}

TEST_CASE("Compare: packets of one way only bound the clocks from one side") {
  Wire wire;
  wire.offset = 3s;
  for (const auto at : {1s, 2s, 4s, 8s, 16s}) {
    wire.there(at, Wire::segment(syn, 1000, 0));
    wire.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
  }
  const auto comparison = wire.compare();
  CHECK(comparison.clock.offset == Duration(3010ms));
  CHECK_FALSE(comparison.clock.uncertainty);
  CHECK(only(comparison).finding == Finding::answer_lost);
}

TEST_CASE("Compare: a capture of whole milliseconds leaves its clock uncertain by one") {
  Wire wire;
  wire.offset = 1h;
  wire.delay_there = wire.delay_back = 40us;
  for (int i = 0; i < 20; ++i) wire.ping(i * 777ms + i * 130us);
  handshake(wire, 16s);
  for (auto& packet : wire.far)
    packet.at =
        TimePoint(std::chrono::floor<std::chrono::milliseconds>(packet.at.time_since_epoch()));
  const auto clock = wire.compare().clock;
  CHECK(clock.consistent);
  CHECK(clock.drift == 0);
  REQUIRE(clock.uncertainty);
  CHECK(std::chrono::abs(*clock.offset - Duration(1h)) <= *clock.uncertainty);
}

TEST_CASE("Compare: clocks that contradict themselves are said to") {
  Wire wire;
  wire.ping(0s);
  handshake(wire);
  wire.offset = 2s;
  wire.ping(9s);
  const auto comparison = wire.compare();
  CHECK_FALSE(comparison.clock.consistent);
  CHECK(std::ranges::count(wire.verdict().verdict.caveats, CaveatId::clocks_not_compared,
                           &Caveat::id) == 1);
}

namespace {

/// A ping every 20 seconds for an hour, four SYNs that get lost in the middle.
Wire hour_of(std::int64_t parts_per_million, Duration every = 20s) {
  Wire wire;
  const auto at = [&](Duration time) {
    wire.offset = -3s + time * parts_per_million / 1'000'000;
    return time;
  };
  for (Duration time = 0s; time <= 1h; time += every) wire.ping(at(time));
  for (const auto time : {1810s, 1811s, 1813s, 1817s})
    wire.there(at(time), Wire::segment(syn, 1000, 0), Seen::at_sender);
  return wire;
}

}  // namespace

TEST_CASE("Compare: clocks of different speed are compared by a line, and both are stated") {
  for (const std::int64_t parts : {50, -50, 100, 500, -500}) {
    auto wire = hour_of(parts);
    const auto comparison = wire.compare();
    const auto& clock = comparison.clock;
    INFO(parts);
    CHECK(clock.consistent);
    CHECK(std::abs(clock.drift - parts * 1000) < 50);
    CHECK(clock.measured == TimePoint(0s));
    REQUIRE(clock.uncertainty);
    CHECK(*clock.uncertainty < 25ms);
    CHECK(std::chrono::abs(*clock.offset + 3s) < *clock.uncertainty);
    for (const auto at : {Duration(0s), Duration(30min), Duration(1h)}) {
      const auto there = TimePoint(at - 3s + at * parts / 1'000'000);
      CHECK(std::chrono::abs(clock.at_client(there) - TimePoint(at)) < *clock.uncertainty);
    }
    CHECK(only(comparison).finding == Finding::request_lost);
    CHECK(only(comparison).lost == 4);
    CHECK(wire.verdict().verdict.culprit.confidence > Confidence::weak);
    CHECK(std::ranges::count(wire.verdict().verdict.caveats, CaveatId::clocks_not_compared,
                             &Caveat::id) == 0);
  }
}

namespace {

/// Sessions all along, no packet with an ID, and a server's capture that shows one direction.
Wire one_way_of(const std::function<Duration(Duration)>& difference, bool inbound) {
  Wire wire;
  wire.has_ids = false;
  for (Duration time = 0s; time <= 1h; time += 60s) {
    wire.offset = difference(time);
    wire.flow.source.port = static_cast<std::uint16_t>(wire.flow.source.port + 1);
    handshake(wire, time);
  }
  std::erase_if(wire.far, [&](const auto& packet) {
    return (packet.flow.destination.address == server) != inbound;
  });
  return wire;
}

}  // namespace

TEST_CASE("Compare: one direction, seen by a clock of another speed or one that was set") {
  const bool inbound = GENERATE(true, false);
  const std::int64_t parts = GENERATE(500, -500);
  SECTION("of another speed") {
    auto wire = one_way_of([&](Duration time) { return time * parts / 1'000'000; }, inbound);
    const auto comparison = wire.compare();
    CHECK(comparison.clock.consistent);
    CHECK(std::abs(comparison.clock.drift - parts * 1000) < 50'000);
    for (const auto& attempt : comparison.attempts)
      CHECK((attempt.finding == Finding::answered || attempt.finding == Finding::not_shown));
  }
  SECTION("set") {
    auto wire = one_way_of(
        [&](Duration time) { return time > 30min ? Duration(parts * 10ms) : Duration(0); },
        inbound);
    const auto comparison = wire.compare();
    CHECK_FALSE(comparison.clock.consistent);
    for (const auto& attempt : comparison.attempts) {
      INFO(to_string(attempt.finding));
      CHECK((attempt.finding == Finding::answered || attempt.finding == Finding::not_shown ||
             attempt.finding == Finding::not_covered));
    }
  }
}

TEST_CASE("Compare: between packets far apart a clock may have run unevenly, or have been set") {
  const auto often = hour_of(500), seldom = hour_of(500, 30min);
  const auto doubt = [](Wire wire) { return wire.compare().clock.uncertainty.value(); };
  CHECK(doubt(seldom) - doubt(often) > 800ms);
}

TEST_CASE("Compare: clocks that nothing shows to drift may do so where no packet compares them") {
  auto wire = hour_of(0, 1h);
  std::erase_if(wire.here, [](const auto& packet) { return packet.at > TimePoint(30min); });
  std::erase_if(wire.far, [](const auto& packet) { return packet.at > TimePoint(30min); });
  wire.there(1h, Wire::segment(syn, 1000, 0), Seen::at_sender);
  const auto clock = wire.compare().clock;
  CHECK(clock.drift == 0);
  REQUIRE(clock.uncertainty);
  CHECK(*clock.uncertainty > 300ms);
}

TEST_CASE("Compare: clocks that nothing compares are taken to agree, and the verdict is weak") {
  Wire wire;
  for (const auto at : {11s, 12s, 14s})
    wire.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
  wire.flow.source.address = IpAddress::v4(0x0a000001);
  for (const auto at : {0s, 30s}) wire.there(at, Wire::segment(ack, 77, 0), Seen::at_receiver);
  wire.flow = usual;
  wire.there(30s, Wire::segment(ack, 99, 99), Seen::at_sender);
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.culprit.confidence == Confidence::weak);
}
