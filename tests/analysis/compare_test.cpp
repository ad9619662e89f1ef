// Two captures of one attempt, in virtual time: what was lost, forged or rewritten between them.
#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "analysis/compare/verdict.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

constexpr std::uint8_t syn = tcp_flag::syn, ack = tcp_flag::ack, rst = tcp_flag::rst,
                       fin = tcp_flag::fin;
constexpr int routers = 3;
const IpAddress client = IpAddress::v4(0xc000020a), server = IpAddress::v4(0xcb00710a),
                other_client = IpAddress::v4(0xc0000263);
const Flow usual{Transport::tcp, {client, 40000}, {server, 443}};

enum class Seen { both, at_sender, at_receiver };

/// A client and a server three routers apart, one capture at each. Times are the client's.
struct Wire {
  std::vector<Observation> here, far;
  Duration offset = 0ms, delay_there = 10ms, delay_back = 10ms;
  std::function<void(Observation&)> nat_there = [](auto&) {}, as_sent = [](auto&) {};
  std::uint16_t next_id = 1;
  bool has_ids = true;
  Flow flow = usual;

  static TcpSegment segment(std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledges,
                            std::uint32_t payload = 0) {
    TcpSegment made;
    made.flags = flags;
    made.sequence = sequence;
    made.acknowledgment = acknowledges;
    made.payload = payload;
    if (flags & syn) {
      made.mss = std::uint16_t{1460};
      made.timestamps = made.sack_permitted = made.window_scale = true;
    }
    return made;
  }

  Observation packet(const Flow& along, std::uint8_t limit, Message message) {
    Observation made;
    made.flow = along;
    made.hop_limit = {limit};
    if (has_ids) made.ip_id_or_flow_label = next_id++;
    made.message = std::move(message);
    return made;
  }

  static void put(std::vector<Observation>& capture, const Observation& packet, Duration at) {
    capture.push_back(packet);
    capture.back().at = TimePoint(at);
    capture.back().frame = {capture.size()};
  }

  void there(Duration at, const TcpSegment& sent, Seen seen = Seen::both) {
    auto made = packet(flow, 64, sent);
    if (seen != Seen::at_receiver) put(here, made, at);
    made.hop_limit.value -= routers;
    nat_there(made);
    if (seen != Seen::at_sender) put(far, made, at + delay_there + offset);
  }
  /// As the client gets it; `as_sent` makes of it what the server's capture shows.
  void back(Duration at, const TcpSegment& sent, Seen seen = Seen::both,
            std::uint8_t arrives_with = 64 - routers) {
    auto made = packet(flow.reversed(), 64, sent);
    auto got = made;
    got.hop_limit = {arrives_with};
    as_sent(made);
    if (seen != Seen::at_receiver) put(far, made, at + offset);
    if (seen != Seen::at_sender) put(here, got, at + delay_back);
  }

  void ping(Duration at) {
    IcmpEcho echo{false, 7, next_id++};
    auto made = packet({Transport::icmp, {client, 0}, {server, 0}}, 64, echo);
    put(here, made, at);
    made.hop_limit.value -= routers;
    put(far, made, at + delay_there + offset);
    echo.reply = true;
    auto reply = packet({Transport::icmp, {server, 0}, {client, 0}}, 64, echo);
    put(far, reply, at + delay_there + offset);
    reply.hop_limit.value -= routers;
    put(here, reply, at + delay_there + delay_back);
  }

  static Side side(std::vector<Observation>& packets) {
    std::ranges::stable_sort(packets, {}, &Observation::at);
    if (packets.empty()) return {};
    return {packets, packets.front().at, packets.back().at};
  }
  Comparison compare() { return compare_captures(side(here), side(far), {flow.destination, {}}); }
  Analysis verdict(const Analysis& alone = {}) {
    const auto comparison = compare();
    return judge(comparison, side(here), side(far), flow.destination, alone);
  }
};

/// Pings around three SYNs that got no answer.
Wire around(const std::function<void(Wire&)>& middle) {
  Wire wire;
  wire.ping(0s);
  middle(wire);
  wire.ping(9s);
  return wire;
}

void handshake(Wire& wire, Duration at = 1s) {
  wire.there(at, Wire::segment(syn, 1000, 0));
  wire.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001));
  wire.there(at + 20ms, Wire::segment(ack, 1001, 5001));
}

const AttemptFinding& only(const Comparison& comparison) {
  REQUIRE(comparison.attempts.size() == 1);
  return comparison.attempts.front();
}

const Rewrite* rewrite(const Comparison& comparison, Field field, Way way) {
  for (const auto& found : comparison.rewrites)
    if (found.field == field && found.way == way) return &found;
  return nullptr;
}

/// A connection of somebody else in the server's capture: no filter hides the port.
void others_use_the_port(Wire& wire) {
  const auto mine = std::exchange(wire.flow, {Transport::tcp, {other_client, 1234}, {server, 443}});
  wire.there(5s, Wire::segment(ack, 77, 99), Seen::at_receiver);
  wire.back(5s, Wire::segment(ack, 99, 77), Seen::at_sender);
  wire.flow = mine;
}

/// Three SYNs without an answer in the client's capture, as when nothing was seen at both ends.
void ask_in_vain(Wire& wire) {
  for (const auto at : {1s, 2s, 4s}) wire.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
}

/// What a capture of the client says alone.
Analysis alone_dropped() {
  Analysis analysis;
  analysis.verdict.outcome = Outcome::dropped;
  analysis.verdict.culprit.where.kind = CulpritKind::unknown;
  for (const auto mechanism : {Mechanism::host_silent, Mechanism::filter_drop}) {
    Explanation explanation;
    explanation.mechanism = mechanism;
    analysis.verdict.explanations.push_back(explanation);
  }
  return analysis;
}

std::string caveat(const Analysis& analysis, CaveatId id) {
  for (const auto& found : analysis.verdict.caveats)
    if (found.id == id) return found.text.str();
  return {};
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Compare: a SYN that leaves and does not arrive is lost on the way there") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s})
      middle.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
  });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::request_lost);
  CHECK(only(comparison).way == Way::there);
  CHECK(only(comparison).lost == 3);
  CHECK(comparison.distance == 4);
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::filter_drop);
  CHECK(analysis.verdict.culprit.where ==
        Where{CulpritKind::between, std::uint8_t{0}, std::uint8_t{4}, {}});
  CHECK(analysis.verdict.culprit.confidence == Confidence::strong);
  others_use_the_port(wire);
  CHECK(wire.verdict().verdict.culprit.confidence == Confidence::certain);
}

TEST_CASE("Compare: a single lost SYN may be chance") {
  auto wire =
      around([](Wire& middle) { middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender); });
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.explanations.back().mechanism == Mechanism::path_loss);
  CHECK(analysis.verdict.culprit.confidence < Confidence::certain);
}

TEST_CASE("Compare: a SYN/ACK that does not come back is lost on the way back") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s}) {
      middle.there(at, Wire::segment(syn, 1000, 0));
      middle.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
    }
  });
  CHECK(only(wire.compare()).finding == Finding::answer_lost);
  CHECK(only(wire.compare()).way == Way::back);
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::answer_lost);
  CHECK(analysis.attempts.dropped == 1);
}

TEST_CASE("Compare: a server that gets SYNs and says nothing is to blame itself, for certain") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s}) middle.there(at, Wire::segment(syn, 1000, 0));
  });
  CHECK(only(wire.compare()).finding == Finding::unanswered);
  const auto culprit = wire.verdict().verdict.culprit;
  CHECK(culprit.where == Where{CulpritKind::destination, std::uint8_t{4}, std::uint8_t{4}, server});
  CHECK(culprit.confidence == Confidence::certain);
}

TEST_CASE("Compare: a RST that the server sent is the server's") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  });
  CHECK(only(wire.compare()).finding == Finding::refused_by_server);
  CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::destination);
}

TEST_CASE("Compare: a RST that the server never sent is forged, and its hop limit says how near") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 63);
  });
  CHECK(only(wire.compare()).finding == Finding::reset_instead);
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
  CHECK(analysis.verdict.culprit.where ==
        Where{CulpritKind::router, std::uint8_t{2}, std::uint8_t{2}, {}});
  CHECK(analysis.verdict.culprit.confidence == Confidence::strong);
}

TEST_CASE("Compare: a forged RST with the server's own hop limit only lies between") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver);
  });
  CHECK(wire.verdict().verdict.culprit.where ==
        Where{CulpritKind::between, std::uint8_t{0}, std::uint8_t{4}, {}});
}

TEST_CASE("Compare: a RST that races the server's SYN/ACK is injected") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 62);
    middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001));
  });
  CHECK(only(wire.compare()).finding == Finding::reset_injected);
  CHECK(wire.verdict().verdict.explanations.front().mechanism == Mechanism::injected_reset);
}

TEST_CASE("Compare: a SYN/ACK that the server never sent is somebody else's") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(syn | ack, 5000, 1001), Seen::at_receiver, 63);
  });
  CHECK(only(wire.compare()).finding == Finding::answer_invented);
}

TEST_CASE("Compare: RSTs after the handshake, forged towards either end") {
  auto to_client = around([](Wire& middle) {
    handshake(middle);
    middle.back(2s, Wire::segment(rst, 5001, 0), Seen::at_receiver, 63);
  });
  CHECK(only(to_client.compare()).finding == Finding::reset_injected);
  CHECK(only(to_client.compare()).way == Way::back);
  auto to_server = around([](Wire& middle) {
    handshake(middle);
    middle.there(2s, Wire::segment(rst, 1001, 0), Seen::at_receiver);
  });
  CHECK(only(to_server.compare()).finding == Finding::reset_injected);
  CHECK(only(to_server.compare()).way == Way::there);
}

TEST_CASE("Compare: data whose copies all get lost is blocked; a copy that arrives is enough") {
  auto blocked = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 4s})
      middle.there(at, Wire::segment(ack, 1001, 5001, 1400), Seen::at_sender);
  });
  CHECK(only(blocked.compare()).finding == Finding::data_lost);
  CHECK(blocked.verdict().verdict.explanations.front().mechanism == Mechanism::data_blocked);
  auto repeated = around([](Wire& middle) {
    handshake(middle);
    middle.there(2s, Wire::segment(ack, 1001, 5001, 1400), Seen::at_sender);
    middle.there(3s, Wire::segment(ack, 1001, 5001, 1400));
  });
  CHECK(only(repeated.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: a segment that offload splits is not lost") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(2s, Wire::segment(ack, 1001, 5001, 2800), Seen::at_sender);
    middle.there(2s, Wire::segment(ack, 1001, 5001, 1400), Seen::at_receiver);
    middle.there(2s, Wire::segment(ack, 2401, 5001, 1400), Seen::at_receiver);
  });
  CHECK(only(wire.compare()).finding == Finding::answered);
  CHECK(wire.compare().lost_there == 0);
}

TEST_CASE("Compare: the service that closes without a word, and a client deaf to the answer") {
  auto closed = around([](Wire& middle) {
    handshake(middle);
    middle.back(2s, Wire::segment(fin | ack, 5001, 1001));
  });
  CHECK(only(closed.compare()).finding == Finding::closed_by_server);
  auto deaf = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s, 8s}) {
      middle.there(at, Wire::segment(syn, 1000, 0));
      middle.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001));
    }
  });
  CHECK(only(deaf.compare()).finding == Finding::answer_ignored);
  CHECK(deaf.verdict().verdict.culprit.where.kind == CulpritKind::this_host);
}

TEST_CASE("Compare: a service that ought to greet and does not is to blame itself") {
  Wire wire;
  wire.flow.destination.port = 22;
  wire.ping(0s);
  handshake(wire);
  wire.ping(9s);
  CHECK(only(wire.compare()).finding == Finding::server_silent);
  CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::destination);
}

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

TEST_CASE("Compare: a capture that saw a packet sent earlier would have seen the next") {
  // The first copy leaves within what the clocks leave open after the captures began.
  Wire wire;
  handshake(wire, 0s);
  for (const auto at : {21ms, 230ms, 640ms, 1460ms})
    wire.there(at, Wire::segment(ack, 1001, 5001, 1448), Seen::at_sender);
  others_use_the_port(wire);
  CHECK(only(wire.compare()).finding == Finding::data_lost);
  CHECK(only(wire.compare()).lost == 4);
}

/// The same bytes again and again, of the client or of the server.
void repeat(Wire& wire, bool client_says, Seen seen = Seen::both) {
  for (const auto at : {1100ms, 1300ms, 1700ms, 2500ms, 4100ms})
    if (client_says)
      wire.there(at, Wire::segment(ack, 1001, 5001, 100), seen);
    else
      wire.back(at, Wire::segment(ack, 5001, 1001, 100), seen);
}

TEST_CASE("Compare: bytes that arrive and are never acknowledged") {
  SECTION("by the server") {
    auto wire = around([](Wire& middle) {
      handshake(middle);
      repeat(middle, true);
    });
    CHECK(only(wire.compare()).finding == Finding::data_ignored);
    const auto verdict = wire.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    CHECK(verdict.culprit.where.kind == CulpritKind::destination);
    CHECK(verdict.culprit.confidence == Confidence::strong);
  }
  SECTION("by the client") {
    auto wire = around([](Wire& middle) {
      handshake(middle);
      repeat(middle, false);
    });
    CHECK(wire.verdict().verdict.outcome == Outcome::local);
  }
  SECTION("as far as the client hears: the acknowledgments are lost") {
    auto wire = around([](Wire& middle) {
      handshake(middle);
      repeat(middle, true);
      for (const auto at : {1120ms, 1320ms, 1720ms, 2520ms, 4120ms})
        middle.back(at, Wire::segment(ack, 5001, 1101), Seen::at_sender);
    });
    CHECK(only(wire.compare()).finding == Finding::data_lost);
    CHECK(only(wire.compare()).way == Way::back);
  }
  SECTION("because fragments are missing") {
    Wire wire = around([](Wire& middle) { handshake(middle); });
    repeat(wire, true, Seen::at_sender);
    for (const auto at : {1100ms, 1300ms, 1700ms, 2500ms, 4100ms})
      wire.there(at, Wire::segment(ack, 1001, 5001, 60), Seen::at_receiver);
    CHECK(only(wire.compare()).finding == Finding::data_lost);
    CHECK(holds(only(wire.compare()).text, "fragments"));
  }
  SECTION("at first") {
    auto wire = around([](Wire& middle) {
      handshake(middle);
      repeat(middle, true);
      middle.back(5s, Wire::segment(ack, 5001, 1101));
    });
    CHECK(only(wire.compare()).finding == Finding::answered);
  }
}

TEST_CASE("Compare: a server whose program does not read") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    for (const auto at : {1200ms, 2200ms, 4200ms, 8200ms}) {
      middle.back(at, Wire::segment(ack, 5001, 1101));
      middle.there(at + 500ms, Wire::segment(ack, 1100, 5001));
    }
  });
  for (auto* capture : {&wire.here, &wire.far})
    for (auto& packet : *capture)
      if (packet.flow.source.address == server && packet.at > TimePoint(1150ms))
        if (auto* segment = std::get_if<TcpSegment>(&packet.message)) segment->window = 0;
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  CHECK(holds(only(wire.compare()).text, "window of 0"));
}

TEST_CASE("Compare: keepalives that get lost are lost on the way") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    middle.back(1120ms, Wire::segment(ack, 5001, 1101));
    for (const auto at : {3s, 4s, 5s, 6s})
      middle.there(at, Wire::segment(ack, 1100, 5001), Seen::at_sender);
  });
  CHECK(only(wire.compare()).finding == Finding::data_lost);
  CHECK(only(wire.compare()).way == Way::there);
}

TEST_CASE("Compare: copies that nobody looked for do not make lost ones arrive") {
  Wire wire;
  handshake(wire, 0s);
  wire.there(30ms, Wire::segment(ack, 1001, 5001, 10));
  wire.back(50ms, Wire::segment(ack, 5001, 1011));
  for (const auto at : {100ms, 300ms, 700ms, 1500ms, 3100ms})
    wire.there(at, Wire::segment(ack, 1011, 5001, 1448), Seen::at_sender);
  std::erase_if(wire.far, [](const auto& packet) { return packet.at > TimePoint(600ms); });
  const auto mine = std::exchange(wire.flow, {Transport::tcp, {other_client, 1234}, {server, 443}});
  wire.there(500ms, Wire::segment(ack, 77, 99), Seen::at_receiver);
  wire.flow = mine;
  CHECK(only(wire.compare()).finding == Finding::data_lost);
  CHECK(only(wire.compare()).lost == 2);
}

TEST_CASE("Compare: a capture that starts late or ends early loses nothing") {
  auto late = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver);
  });
  std::erase_if(late.far, [](const auto& packet) { return packet.at < TimePoint(5s); });
  CHECK(only(late.compare()).finding == Finding::not_covered);
  const auto analysis = late.verdict();
  CHECK(analysis.verdict.outcome == Outcome::inconclusive);
  CHECK(analysis.verdict.explanations.empty());
  CHECK(std::ranges::count(analysis.verdict.caveats, CaveatId::not_covered, &Caveat::id) == 1);

  auto early = around([](Wire& middle) {
    for (const auto at : {5s, 6s, 8s})
      middle.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
  });
  std::erase_if(early.far, [](const auto& packet) { return packet.at > TimePoint(3s); });
  CHECK(only(early.compare()).finding == Finding::not_covered);

  auto client_ends = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(8s, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
  });
  std::erase_if(client_ends.here, [](const auto& packet) { return packet.at > TimePoint(3s); });
  CHECK(only(client_ends.compare()).finding == Finding::not_covered);
}

TEST_CASE("Compare: an empty capture at the server proves nothing, the client's alone has to do") {
  Wire wire;
  ask_in_vain(wire);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(wire.compare().lost_there == 0);
  const auto analysis = wire.verdict(alone_dropped());
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.explanations.size() == 2);
  CHECK(analysis.verdict.culprit.confidence == Confidence::weak);
  CHECK(holds(caveat(analysis, CaveatId::not_covered), "capture is empty"));
}

TEST_CASE("Compare: neither a RST nor a SYN/ACK is called forged beside an empty capture") {
  for (const auto flags : {std::uint8_t(rst | ack), std::uint8_t(syn | ack)}) {
    Wire wire;
    wire.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    wire.back(1s, Wire::segment(flags, 0, 1001), Seen::at_receiver, 63);
    CHECK(only(wire.compare()).finding == Finding::not_shown);
  }
}

TEST_CASE("Compare: a capture of the server that shows others only may be of another interface") {
  Wire wire;
  ask_in_vain(wire);
  wire.flow = {Transport::tcp, {other_client, 1}, {IpAddress::v4(0x0a000009), 443}};
  for (const auto at : {0s, 30s}) wire.there(at, Wire::segment(ack, 77, 0), Seen::at_receiver);
  wire.flow = usual;
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(wire.verdict(alone_dropped()), CaveatId::not_covered),
              "None of the 2 packets in the server's capture goes to or comes from 203.0.113.10"));
}

TEST_CASE(
    "Compare: a server that others reach on the port lost this client's SYN, clocks unknown") {
  Wire wire;
  wire.flow = {Transport::tcp, {other_client, 1}, {server, 443}};
  for (const auto at : {0s, 30s}) wire.there(at, Wire::segment(ack, 77, 0), Seen::at_receiver);
  wire.flow = usual;
  ask_in_vain(wire);
  wire.there(29s, Wire::segment(syn, 1000, 0), Seen::at_sender);
  CHECK(only(wire.compare()).finding == Finding::request_lost);
  const auto verdict = wire.verdict(alone_dropped()).verdict;
  CHECK(verdict.culprit.confidence == Confidence::weak);
  REQUIRE(verdict.explanations.back().mechanism == Mechanism::host_silent);
  CHECK(verdict.explanations.back().rank == 2);
}

TEST_CASE("Compare: a filter that leaves the port out looks like loss, and is said to") {
  auto wire = around(ask_in_vain);
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "no TCP to port 443 at all"));
  auto forged = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver);
  });
  CHECK(forged.verdict().verdict.culprit.confidence < Confidence::certain);
}

TEST_CASE("Compare: a capture of one direction at either end") {
  const auto no_back = [](std::vector<Observation>& capture) {
    std::erase_if(capture, [](const auto& packet) { return packet.flow.source.address == server; });
  };
  auto at_client = around([](Wire& wire) { handshake(wire); });
  no_back(at_client.here);
  CHECK(only(at_client.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(at_client.verdict(), CaveatId::not_covered), "client's capture shows no"));

  auto at_server = around([](Wire& wire) {
    wire.there(1s, Wire::segment(syn, 1000, 0));
    wire.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  });
  no_back(at_server.far);
  CHECK(only(at_server.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(at_server.verdict(), CaveatId::not_covered), "203.0.113.10 sends"));

  auto silent = around([](Wire& wire) {
    for (const auto at : {1s, 2s, 4s}) wire.there(at, Wire::segment(syn, 1000, 0));
  });
  no_back(silent.far);
  CHECK(only(silent.compare()).finding == Finding::not_shown);
}

TEST_CASE("Compare: a filter on TCP at the server hides the ICMP message that it sends") {
  Wire wire;
  wire.there(1s, Wire::segment(syn, 1000, 0));
  IcmpError error;
  error.type = 3;
  error.code = 3;
  error.quote = Quote{};
  error.quote->flow = usual;
  error.quote->tcp_sequence = 1000;
  auto rejected = wire.packet({Transport::icmp, {server, 0}, {client, 0}}, 61, error);
  Wire::put(wire.here, rejected, 1020ms);
  others_use_the_port(wire);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "no ICMP message"));
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

TEST_CASE("Compare: a NAT rewrites address and port, and the attempt is the same") {
  auto wire = Wire();
  const Endpoint outside{IpAddress::v4(0xc6336401), 61000};
  wire.nat_there = [&](Observation& packet) { packet.flow.source = outside; };
  wire.as_sent = [&](Observation& packet) { packet.flow.destination = outside; };
  handshake(wire);
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::answered);
  REQUIRE(only(comparison).at_server);
  CHECK(only(comparison).at_server->source == outside);
  const auto* address = rewrite(comparison, Field::source_address, Way::there);
  REQUIRE(address);
  CHECK(address->sent == "192.0.2.10");
  CHECK(address->received == "198.51.100.1");
  CHECK(rewrite(comparison, Field::source_port, Way::there)->received == "61000");
  CHECK(rewrite(comparison, Field::destination_address, Way::back));
  CHECK(rewrite(comparison, Field::destination_port, Way::back));
}

TEST_CASE("Compare: a port forward rewrites the destination") {
  Wire wire;
  const Endpoint inside{IpAddress::v4(0x0a000002), 2222};
  wire.nat_there = [&](Observation& packet) { packet.flow.destination = inside; };
  wire.as_sent = [&](Observation& packet) { packet.flow.source = inside; };
  handshake(wire);
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::answered);
  CHECK(rewrite(comparison, Field::destination_address, Way::there)->received == "10.0.0.2");
  CHECK(rewrite(comparison, Field::destination_port, Way::there)->received == "2222");
}

TEST_CASE("Compare: every other field that a device may rewrite") {
  struct Case {
    Field field;
    std::function<void(Observation&)> change;
    const char* received;
  };
  const auto tcp = [](Observation& packet) -> TcpSegment& {
    return std::get<TcpSegment>(packet.message);
  };
  const std::vector<Case> cases{
      {Field::mss,
       [&](auto& packet) {
         if (tcp(packet).mss) tcp(packet).mss = std::uint16_t{1300};
       },
       "1300"},
      {Field::traffic_class, [](auto& packet) { packet.traffic_class = 0x20; }, "32"},
      {Field::window, [&](auto& packet) { tcp(packet).window = 512; }, "512"},
      {Field::options,
       [&](auto& packet) { tcp(packet).timestamps = tcp(packet).sack_permitted = false; },
       "MSS, window scale"},
      {Field::hop_limit, [](auto& packet) { packet.hop_limit = {255}; }, "255"},
  };
  for (const auto& each : cases) {
    INFO(to_string(each.field));
    Wire wire;
    wire.nat_there = each.change;
    handshake(wire);
    const auto comparison = wire.compare();
    CHECK(only(comparison).finding == Finding::answered);
    REQUIRE(comparison.rewrites.size() == 1);
    CHECK(comparison.rewrites.front().field == each.field);
    CHECK(comparison.rewrites.front().received == each.received);
  }
}

TEST_CASE("Compare: ECN bits are the routers' to set") {
  Wire wire;
  wire.nat_there = [](Observation& packet) { packet.traffic_class |= 0x03; };
  handshake(wire);
  CHECK(wire.compare().rewrites.empty());
}

TEST_CASE("Compare: sequence numbers that a firewall randomises keep their distance") {
  for (const bool nat : {false, true}) {
    Wire wire;
    constexpr std::uint32_t shift_there = 0xdeadbeef, shift_back = 0x12345678;
    wire.nat_there = [&](Observation& packet) {
      auto& segment = std::get<TcpSegment>(packet.message);
      segment.sequence += shift_there;
      if (segment.has(ack)) segment.acknowledgment -= shift_back;
      if (nat) packet.flow.source = {IpAddress::v4(0xc6336401), 61000};
    };
    wire.as_sent = [&](Observation& packet) {  // as the server sends it
      auto& segment = std::get<TcpSegment>(packet.message);
      segment.sequence -= shift_back;
      segment.acknowledgment += shift_there;
      if (nat) packet.flow.destination = {IpAddress::v4(0xc6336401), 61000};
    };
    wire.ping(0s);
    handshake(wire);
    wire.there(2s, Wire::segment(ack, 1001, 5001, 100));
    wire.back(2010ms, Wire::segment(ack, 5001, 1101, 50));
    wire.ping(9s);
    const auto comparison = wire.compare();
    CHECK(only(comparison).finding == Finding::answered);
    CHECK(comparison.lost_there + comparison.lost_back == 0);
    CHECK(comparison.paired == 5);
    CHECK(rewrite(comparison, Field::sequence, Way::there));
    CHECK(rewrite(comparison, Field::sequence, Way::back));
    CHECK(rewrite(comparison, Field::acknowledgment, Way::back));
  }
}

TEST_CASE("Compare: a RST to a randomised SYN is found again") {
  Wire wire;
  wire.nat_there = [](Observation& packet) { std::get<TcpSegment>(packet.message).sequence += 77; };
  wire.as_sent = [](Observation& packet) {
    std::get<TcpSegment>(packet.message).acknowledgment += 77;
  };
  wire.there(1s, Wire::segment(syn, 1000, 0));
  wire.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  CHECK(only(wire.compare()).finding == Finding::refused_by_server);
}

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
  const auto comparison =
      compare_captures(Wire::side(wire.here), Wire::side(wire.far), {usual.destination, {3000}});
  CHECK(comparison.attempts.empty());
}

TEST_CASE("Compare: attempts that end differently are intermittent") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.flow.source.port = 40001;
    for (const auto at : {2s, 3s, 5s})
      middle.there(at, Wire::segment(syn, 8000, 0), Seen::at_sender);
    middle.flow = usual;
  });
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::intermittent);
  CHECK(analysis.attempts.open == 1);
  CHECK(analysis.attempts.dropped == 1);
}

TEST_CASE("Compare: the picture has every packet of the attempt, matched across and in order") {
  Wire wire;
  wire.offset = 3s;
  wire.nat_there = [](Observation& packet) { packet.flow.source.port = 61000; };
  wire.as_sent = [](Observation& packet) { packet.flow.destination.port = 61000; };
  wire.ping(0s);
  for (const auto at : {1s, 2s}) {
    wire.there(at, Wire::segment(syn, 1000, 0));
    wire.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
  }
  wire.back(3s, Wire::segment(rst, 5001, 0), Seen::at_receiver);
  wire.ping(9s);
  const auto comparison = wire.compare();
  REQUIRE(comparison.decisive == 0);
  std::vector<std::string> words;
  for (const auto& crossing : comparison.crossings)
    words.push_back(crossing.words + ", " + to_string(crossing.fate));
  CHECK(words == std::vector<std::string>{"SYN, arrived", "SYN/ACK, lost", "SYN again, arrived",
                                          "SYN/ACK again, lost", "RST, never-sent"});
  const auto& first = comparison.crossings.front();
  REQUIRE((first.client && first.server));
  CHECK(first.server->at - first.client->at == 10ms);  // the clocks are 3 s apart
  CHECK(first.changed == std::vector{Field::source_port});
  CHECK_FALSE(comparison.crossings[1].client);
}

TEST_CASE("Compare: of a long connection the picture keeps what did not arrive") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (std::uint32_t i = 0; i < 100; ++i)
      middle.there(2s + i * 10ms, Wire::segment(ack, 1001 + i, 5001, 1),
                   i == 90 ? Seen::at_sender : Seen::both);
  });
  const auto comparison = wire.compare();
  CHECK(comparison.crossings.size() == 32);
  CHECK(comparison.crossings_left_out == 71);
  CHECK(std::ranges::count(comparison.crossings, Fate::lost, &Crossing::fate) == 1);
}

TEST_CASE("Compare: an ICMP message that is too short to be matched proves nothing") {
  const auto cut = [](std::vector<Observation>& capture) {
    for (auto& packet : capture)
      if (auto* error = std::get_if<IcmpError>(&packet.message)) {
        error->quote->tcp_sequence.reset();
        error->quote->flow.source.port = error->quote->flow.destination.port = 0;
      }
  };
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    IcmpError error{3, 3, Quote{}, {}, {}};
    error.quote->flow = middle.flow;
    error.quote->tcp_sequence = 1000;
    auto made = middle.packet({Transport::icmp, {server, 0}, {client, 0}}, 64, error);
    Wire::put(middle.far, made, 1010ms);
    made.hop_limit.value -= routers;
    Wire::put(middle.here, made, 1020ms);
  });
  CHECK(only(wire.compare()).finding == Finding::rejected_by_server);
  cut(wire.far);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  cut(wire.here);
  CHECK(only(wire.compare()).finding == Finding::unclear);
  CHECK(wire.verdict().verdict.outcome == Outcome::inconclusive);
}

TEST_CASE("Compare: a filter on ICMP shows the message, and not what it is about") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    IcmpError error{3, 3, Quote{}, {}, {}};
    error.quote->flow = middle.flow;
    error.quote->tcp_sequence = 1000;
    auto made = middle.packet({Transport::icmp, {server, 0}, {client, 0}}, 64, error);
    Wire::put(middle.far, made, 1010ms);
    made.hop_limit.value -= routers;
    Wire::put(middle.here, made, 1020ms);
  });
  CHECK(only(wire.compare()).finding == Finding::rejected_by_server);
  CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::destination);
}

TEST_CASE("Compare: a RST that the other capture was not there to see leaves the end open") {
  Wire wire;
  wire.flow.destination.port = 22;
  wire.ping(0s);
  handshake(wire);
  wire.back(1500ms, Wire::segment(rst | ack, 5001, 1001), Seen::at_receiver);
  wire.there(9s, Wire::segment(syn, 7, 0), Seen::at_sender);  // the client's capture goes on
  CHECK(wire.compare().attempts.front().finding == Finding::not_covered);
}

TEST_CASE("Compare: a client that waited for the greeting and went away") {
  Wire wire;
  wire.flow.destination.port = 22;
  wire.ping(0s);
  handshake(wire);
  wire.there(6s, Wire::segment(fin | ack, 1001, 5001));
  wire.ping(7s);
  CHECK(only(wire.compare()).finding == Finding::server_silent);
}

TEST_CASE("Compare: captures that were taken for each other") {
  auto wire = around([](Wire& middle) { handshake(middle); });
  std::swap(wire.here, wire.far);
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::inconclusive);
  CHECK(holds(caveat(analysis, CaveatId::captures_swapped), "other way round"));
}

TEST_CASE("Compare: one file given twice shows nothing of the way") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s})
      middle.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
  });
  for (auto& packet : wire.here) packet.at += 1us;
  wire.far = wire.here;
  for (auto& packet : wire.far) packet.at += 7s;  // and moved in time
  Analysis alone;
  alone.verdict.outcome = Outcome::dropped;
  alone.verdict.culprit.where.kind = CulpritKind::unknown;
  const auto analysis = wire.verdict(alone);
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.culprit.where.kind == CulpritKind::unknown);
  CHECK(holds(caveat(analysis, CaveatId::captures_of_one_place), "at one place"));
  const auto comparison = wire.compare();
  auto coarse = wire;
  for (auto* capture : {&coarse.here, &coarse.far})
    for (auto& packet : *capture)
      packet.at = std::chrono::floor<std::chrono::milliseconds>(packet.at);
  CHECK_FALSE(coarse.compare().one_place);
  CHECK(only(comparison).finding == Finding::not_shown);
  CHECK(comparison.crossings.empty());
  CHECK_FALSE(comparison.distance);
}

TEST_CASE("Compare: an answer may leave the server where nobody captured") {
  Wire wire;
  for (const auto at : {1s, 2s, 4s}) wire.there(at, Wire::segment(syn, 1000, 0));
  others_use_the_port(wire);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.culprit.confidence < Confidence::certain);
  CHECK(verdict.explanations.back().mechanism == Mechanism::answer_lost);
}

TEST_CASE("Compare: a request that arrives and is never answered") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    auto hello = Wire::segment(ack, 1001, 5001, 9);
    hello.text = {0x16, 0x03, 0x01, 0, 4, 1, 0, 0, 0};
    middle.there(1100ms, hello);
    middle.back(1120ms, Wire::segment(ack, 5001, 1010));
    middle.there(7s, Wire::segment(fin | ack, 1010, 5001));
  });
  CHECK(only(wire.compare()).finding == Finding::server_silent);
  CHECK(wire.verdict().verdict.outcome == Outcome::silent_service);
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
