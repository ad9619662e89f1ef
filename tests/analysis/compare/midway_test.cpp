// The second capture was taken at a router on the way, on all its interfaces.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

/// The machine of the second capture passes on what `wanted(packet)`: it shows it a second time.
template <class Wanted>
void forward(std::vector<Observation>& capture, Wanted wanted) {
  const auto once = capture;
  for (auto packet : once) {
    if (!wanted(packet)) continue;
    --packet.hop_limit.value;
    Wire::put(capture, packet, packet.at.time_since_epoch() + 20us);
  }
}

constexpr auto everything = [](const Observation&) { return true; };
constexpr auto pings = [](const Observation& packet) {
  return std::holds_alternative<IcmpEcho>(packet.message);
};

Wire asked_in_vain() {
  return around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s}) middle.there(at, Wire::segment(syn, 1000, 0));
  });
}

Analysis alone_refused() {
  auto alone = alone_dropped();
  alone.verdict.outcome = Outcome::refused;
  alone.verdict.culprit.where.kind = CulpritKind::destination;
  return alone;
}

}  // namespace

TEST_CASE("Compare: a router that passes the pings on and not the SYNs is to blame") {
  auto wire = asked_in_vain();
  forward(wire.far, pings);
  CHECK(wire.compare().midway);
  const auto analysis = wire.verdict(alone_dropped());
  CHECK(analysis.verdict.culprit.where ==
        Where{CulpritKind::router, std::uint8_t{4}, std::uint8_t{4}, {}});
  CHECK(analysis.verdict.culprit.confidence == Confidence::strong);
  CHECK(analysis.path.distance.destination != std::uint8_t{4});
  CHECK(holds(caveat(analysis, CaveatId::captured_midway), "hop 4"));
}

TEST_CASE("Compare: SYNs that go on from there are answered by nobody farther on") {
  auto wire = asked_in_vain();
  forward(wire.far, everything);
  const auto verdict = wire.verdict(alone_dropped()).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.where.kind == CulpritKind::unknown);
}

TEST_CASE("Compare: SYNs that go on with another address were passed on all the same") {
  auto wire = asked_in_vain();
  forward(wire.far, pings);
  const auto once = wire.far;
  for (auto packet : once) {
    if (!std::holds_alternative<TcpSegment>(packet.message)) continue;
    --packet.hop_limit.value;
    packet.flow.destination.address = IpAddress::v4(0x0a000002);
    Wire::put(wire.far, packet, packet.at.time_since_epoch() + 20us);
  }
  CHECK_FALSE(only(wire.compare()).held);
}

TEST_CASE("Compare: a RST that passes the second capture comes from beyond it") {
  const auto refused = [] {
    return around([](Wire& middle) {
      middle.there(1s, Wire::segment(syn, 1000, 0));
      middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
    });
  };
  auto wire = refused();
  forward(wire.far, everything);
  const auto culprit = wire.verdict(alone_refused()).verdict.culprit;
  CHECK(culprit.where.kind == CulpritKind::destination);
  CHECK_FALSE(culprit.where.first_hop);
  CHECK(culprit.confidence < Confidence::certain);

  auto made_there = refused();
  forward(made_there.far, pings);
  const auto verdict = made_there.verdict(alone_refused()).verdict;
  CHECK(verdict.outcome == Outcome::refused);
  CHECK(verdict.culprit.where == Where{});
}

TEST_CASE("Compare: where a router captured, the hop of the server is not known") {
  auto wire = around([](Wire& middle) { handshake(middle); });
  forward(wire.far, everything);
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK_FALSE(analysis.path.distance.destination);
  CHECK_FALSE(analysis.verdict.explanations.front().where.first_hop);
}

TEST_CASE("Compare: a bridge shows packets twice with the hop limit they came with") {
  auto wire = asked_in_vain();
  const auto once = wire.far;
  for (const auto& packet : once) Wire::put(wire.far, packet, packet.at.time_since_epoch() + 20us);
  CHECK_FALSE(wire.compare().midway);
  CHECK(only(wire.compare()).finding == Finding::unanswered);
}

TEST_CASE("Compare: up to a router's capture the way was open") {
  auto wire = asked_in_vain();
  for (auto& packet : wire.far)
    if (packet.flow.source.address == server) packet.hop_limit = {62};
  auto alone = alone_dropped();
  alone.verdict.culprit.where = {CulpritKind::unknown, std::uint8_t{1}, std::uint8_t{6}, {}};
  for (auto& explanation : alone.verdict.explanations)
    explanation.where = alone.verdict.culprit.where;
  auto nearer = alone.verdict.explanations.front();
  nearer.mechanism = Mechanism::blackhole;
  nearer.where = {CulpritKind::between, std::uint8_t{1}, std::uint8_t{2}, {}};
  alone.verdict.explanations.push_back(nearer);
  // Beyond the third router: on the link to the fourth, or farther on.
  const Where left{CulpritKind::unknown, std::uint8_t{3}, std::uint8_t{6}, {}};
  const auto verdict = wire.verdict(alone).verdict;
  CHECK(wire.compare().midway);
  CHECK(verdict.culprit.where == left);
  REQUIRE(verdict.explanations.size() == 2);
  for (const auto& explanation : verdict.explanations) CHECK(explanation.where == left);
  forward(wire.far, everything);
  CHECK(wire.verdict(alone).verdict.culprit.where.first_hop == std::uint8_t{4});
}

TEST_CASE(
    "Compare: data that passes both captures got lost before the first, not at a hop after it") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    for (const auto at : {1200ms, 1600ms, 2400ms, 4000ms, 7000ms})
      middle.back(at, Wire::segment(ack, 5001, 1101, 1400));
  });
  for (auto& packet : wire.here)
    if (packet.flow.source.address == client) packet.hop_limit = {62};
  for (auto& packet : wire.far)
    if (packet.flow.source.address == client) packet.hop_limit = {59};
  CHECK(wire.compare().client_midway);
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.culprit.where == Where{CulpritKind::unknown, {}, std::uint8_t{0}, {}});
  REQUIRE(verdict.explanations.size() == 2);
  CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
  CHECK(verdict.explanations.back().mechanism == Mechanism::local_input_filter);
  CHECK(verdict.explanations.back().rank == 2);
}

TEST_CASE("Compare: what the client's capture alone calls open fails beyond the second capture") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 5s}) middle.there(at, Wire::segment(ack, 1001, 5001, 100));
  });
  forward(wire.far, everything);
  Analysis open;
  open.verdict.outcome = Outcome::open;
  open.verdict.explanations.emplace_back().mechanism = Mechanism::listening;
  const auto verdict = wire.verdict(open).verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
  CHECK(verdict.culprit.where == Where{CulpritKind::unknown, std::uint8_t{4}, {}, {}});
  CHECK(verdict.culprit.confidence == Confidence::strong);
}

TEST_CASE("Compare: what comes spoiled through the second capture was so before") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 5s, 8s}) middle.back(at, Wire::segment(ack, 5001, 1001, 100));
  });
  for (auto* capture : {&wire.here, &wire.far})
    for (auto& packet : *capture)
      if (auto* segment = std::get_if<TcpSegment>(&packet.message))
        segment->bad_checksum = segment->payload > 0;
  CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::between);
  forward(wire.far, everything);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
  CHECK(verdict.culprit.where == Where{CulpritKind::unknown, std::uint8_t{4}, {}, {}});
}

namespace {

/// From `sender` to the client, of which both captures show it.
Wire rejected_by(const IpAddress& sender, std::uint8_t code, std::uint8_t limit = 61) {
  return around([&](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    const Flow told{Transport::icmp, {sender, 0}, {client, 0}};
    auto message = middle.packet(told, 64, Wire::rejected(usual, code, 1000, 0));
    Wire::put(middle.far, message, 1010ms);
    message.hop_limit = {limit};
    Wire::put(middle.here, message, 1020ms);
  });
}

/// A SYN that is to end on the way, and the word of the router where it does. `seen`: as far as the
/// second capture.
void ask_hop(Wire& wire, Duration at, std::uint32_t number, std::uint8_t limit, bool seen) {
  auto asked = wire.packet(wire.flow, limit, Wire::segment(syn, number, 0));
  Wire::put(wire.here, asked, at);
  asked.hop_limit = {static_cast<std::uint8_t>(limit > routers ? limit - routers : 1)};
  if (seen) Wire::put(wire.far, asked, at + 10ms);
  auto error = Wire::rejected(wire.flow, 0, number, 0);
  error.type = 11;
  const Flow told{Transport::icmp, {IpAddress::v4(0xc6336402), 0}, {client, 0}};
  auto word = wire.packet(told, 64, error);
  if (seen) Wire::put(wire.far, word, at + 10ms);
  word.hop_limit = {62};
  Wire::put(wire.here, word, at + 20ms);
}

}  // namespace

TEST_CASE("Compare: a router's ICMP message is not the server's, where both captures show it") {
  const auto router = IpAddress::v4(0xc6336402);
  auto other = rejected_by(router, 1, 62), own = rejected_by(server, 3);
  CHECK(only(own.compare()).finding == Finding::rejected_by_server);
  CHECK(only(other.compare()).finding == Finding::rejected_on_way);
  Analysis alone;
  alone.verdict.outcome = Outcome::unreachable;
  const auto analysis = other.verdict(alone);
  CHECK(analysis.verdict.outcome == Outcome::unreachable);
  CHECK(analysis.verdict.explanations.front().mechanism != Mechanism::icmp_reject_host);
  CHECK(analysis.verdict.culprit.confidence < Confidence::certain);
  CHECK(holds(caveat(analysis, CaveatId::captured_midway), "a router reject"));
  CHECK(!analysis.path.distance.destination);  // of the second capture, not of the server
}

TEST_CASE("Compare: a host may name itself by another of its addresses") {
  // Over as many routers as its own echo replies, and sent where the second capture was taken.
  auto wire = rejected_by(IpAddress::v4(0xcb00710b), 3);
  CHECK(only(wire.compare()).finding == Finding::rejected_by_server);
}

TEST_CASE("Compare: steps of a walk that end at the second capture or beyond are no attempts") {
  auto wire = around([](Wire& middle) {
    for (std::uint8_t limit = 1; limit <= 5; ++limit) {
      middle.flow.source.port = 33000 + limit;
      ask_hop(middle, limit * 1s, 1000u * limit, limit, limit >= routers);
    }
    middle.flow.source.port = 34000;
    handshake(middle, 7s);
    middle.flow = usual;
  });
  CHECK(only(wire.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: a step of a walk that goes on from a router is no attempt, answered or not") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.flow.source.port = 33001;
    auto asked = middle.packet(middle.flow, 5, Wire::segment(syn, 2000, 0));
    Wire::put(middle.here, asked, 2s);
    asked.hop_limit = {2};
    Wire::put(middle.far, asked, 2010ms);
    middle.flow = usual;
  });
  CHECK(wire.compare().attempts.size() == 2);  // at the server nothing is due to end on the way
  forward(wire.far, pings);
  CHECK(wire.compare().attempts.size() == 1);
}
