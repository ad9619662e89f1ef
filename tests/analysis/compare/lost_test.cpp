// What was lost between two captures, and on which way.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

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
}

namespace {

/// Rank of a mechanism; 0: it is not listed.
unsigned rank_of(const Verdict& verdict, Mechanism mechanism) {
  const auto found = std::ranges::find(verdict.explanations, mechanism, &Explanation::mechanism);
  return found == verdict.explanations.end() ? 0 : found->rank;
}

}  // namespace

TEST_CASE("Compare: what else of the client arrives while SYNs get lost") {
  Wire wire;
  wire.ping(0s);
  for (const auto at : {1s, 2s, 4s}) wire.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
  SECTION("nothing then: all may have been stopped") {
    wire.ping(9s);
    others_use_the_port(wire);
    const auto verdict = wire.verdict().verdict;
    CHECK(rank_of(verdict, Mechanism::filter_drop) == 1);
    CHECK(rank_of(verdict, Mechanism::blackhole) == 2);
    CHECK(verdict.culprit.confidence == Confidence::strong);
  }
  SECTION("a ping: the way is open") {
    wire.ping(3s);
    wire.ping(9s);
    others_use_the_port(wire);
    const auto verdict = wire.verdict().verdict;
    CHECK(rank_of(verdict, Mechanism::blackhole) == 0);
    CHECK(rank_of(verdict, Mechanism::path_loss) == 0);
    CHECK(rank_of(verdict, Mechanism::host_silent) == 2);  // of another machine
    CHECK(verdict.culprit.confidence == Confidence::strong);
  }
  SECTION("one ping of two: packets get lost") {
    wire.ping(2500ms);
    wire.ping(3s);
    wire.ping(9s);
    std::erase_if(wire.far, [](const Observation& packet) {
      return packet.at > TimePoint(2900ms) && packet.at < TimePoint(3900ms);
    });
    others_use_the_port(wire);
    CHECK(rank_of(wire.verdict().verdict, Mechanism::path_loss) == 2);
  }
}

TEST_CASE("Compare: new connections get lost while older ones to the same port go on") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(2500ms, Wire::segment(ack, 1001, 5001, 5));
    middle.back(2520ms, Wire::segment(ack, 5001, 1006, 5));
    middle.flow.source.port = 40001;
    for (const auto at : {2s, 3s, 5s})
      middle.there(at, Wire::segment(syn, 8000, 0), Seen::at_sender);
    middle.flow = usual;
  });
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(rank_of(verdict, Mechanism::filter_drop) == 2);  // by the client's port
  CHECK(rank_of(verdict, Mechanism::syn_filter) == 1);
  CHECK(rank_of(verdict, Mechanism::rate_limit) == 1);
  CHECK(rank_of(verdict, Mechanism::blackhole) == 0);
  CHECK(verdict.culprit.where.kind == CulpritKind::between);
}

TEST_CASE("Compare: new connections that pass in between are not stopped for being new") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {2s, 3s, 5s})
      middle.there(at, Wire::segment(syn, 8000, 0), Seen::at_sender);
    middle.flow.source.port = 40001;
    handshake(middle, 4s);
    middle.flow = usual;
  });
  const auto verdict = wire.verdict().verdict;
  CHECK(rank_of(verdict, Mechanism::filter_drop) == 1);
  CHECK(rank_of(verdict, Mechanism::rate_limit) == 1);
  CHECK(rank_of(verdict, Mechanism::syn_filter) == 0);
}

TEST_CASE("Compare: a limit fits where connections made before are still there") {
  const bool ended = GENERATE(false, true);
  auto wire = around([&](Wire& middle) {
    handshake(middle);
    if (ended) middle.there(1500ms, Wire::segment(fin | ack, 1001, 5001));
    middle.flow.source.port = 40001;
    for (const auto at : {2s, 3s, 5s})
      middle.there(at, Wire::segment(syn, 8000, 0), Seen::at_sender);
    middle.flow = usual;
  });
  const auto verdict = wire.verdict().verdict;
  CHECK(rank_of(verdict, Mechanism::filter_drop) == 1);
  CHECK(rank_of(verdict, Mechanism::rate_limit) == (ended ? 0 : 1));
}

TEST_CASE("Compare: a single lost SYN may be chance") {
  auto wire =
      around([](Wire& middle) { middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender); });
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(rank_of(analysis.verdict, Mechanism::path_loss) == 2);
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
  const auto where = Where{CulpritKind::destination, std::uint8_t{4}, std::uint8_t{4}, server};
  const auto culprit = wire.verdict().verdict.culprit;
  CHECK(culprit.where == where);
  // A filter on the destination port looks the same, until others are seen to be answered.
  CHECK(culprit.confidence == Confidence::strong);
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "no TCP from port 443"));
  others_use_the_port(wire);
  CHECK(wire.verdict().verdict.culprit.where == where);
  CHECK(wire.verdict().verdict.culprit.confidence == Confidence::certain);
}

TEST_CASE("Compare: attempts that end differently are intermittent") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.flow.source.port = 40001;
    for (const auto at : {2s, 3s, 5s})
      middle.there(at, Wire::segment(syn, 8000, 0), Seen::at_sender);
    middle.flow = usual;
  });
  const auto changed = wire.verdict();
  CHECK(changed.verdict.outcome == Outcome::dropped);  // for good, as far as can be seen
  CHECK(changed.attempts.since == TimePoint(2s));
  wire.flow.source.port = 40002;
  handshake(wire, 7s);
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::intermittent);
  CHECK(analysis.attempts.open == 2);
  CHECK(analysis.attempts.dropped == 1);
  CHECK_FALSE(analysis.attempts.since);
}

TEST_CASE("Compare: a connection that dies while others are asked in vain is one change") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.back(1100ms, Wire::segment(ack, 5001, 1001, 50));
    middle.there(1150ms, Wire::segment(ack, 1001, 5051));
    for (const auto port : {std::uint16_t{40001}, std::uint16_t{40002}}) {
      middle.flow.source.port = port;
      for (const auto at : {2s, 3s, 5s})
        middle.there(at, Wire::segment(syn, 8000u + port, 0), Seen::at_sender);
    }
    middle.flow = usual;
    for (const auto at : {6000ms, 6200ms, 6600ms, 7400ms})
      middle.there(at, Wire::segment(ack, 1001, 5051, 20), Seen::at_sender);
  });
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::dropped);
}

TEST_CASE("Compare: what failed and works since is open, unless a connection died in use") {
  const auto outcome = GENERATE(Outcome::refused, Outcome::closed_early, Outcome::silent_service);
  auto wire = around([&](Wire& middle) {
    if (outcome == Outcome::refused) {
      middle.there(1s, Wire::segment(syn, 1000, 0));
      middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
    } else {
      handshake(middle);
    }
    if (outcome == Outcome::closed_early) middle.back(1100ms, Wire::segment(rst, 5001, 0));
    if (outcome == Outcome::silent_service)
      for (const Duration at : {Duration(1100ms), Duration(2s), Duration(4s)})
        middle.there(at, Wire::segment(ack, 1001, 5001, 5), Seen::at_sender);
    middle.flow.source.port = 40001;
    handshake(middle, 5s);
    middle.there(5100ms, Wire::segment(ack, 1001, 5001, 5));
    middle.back(5120ms, Wire::segment(ack, 5001, 1006, 5));
  });
  Analysis alone;
  alone.verdict.outcome = Outcome::open;
  const auto analysis = wire.verdict(alone);
  const bool died = outcome == Outcome::silent_service;
  CHECK(analysis.verdict.outcome == (died ? outcome : Outcome::open));
  CHECK(analysis.attempts.total == 2);
  CHECK(analysis.attempts.since == (died ? std::nullopt : std::optional(TimePoint(5s))));
}

TEST_CASE("Compare: who looks whether a port is open does not show that the service speaks again") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.back(1100ms, Wire::segment(rst, 5001, 0));
    middle.flow.source.port = 40001;
    handshake(middle, 5s);
    middle.there(5100ms, Wire::segment(rst, 1001, 0));
  });
  CHECK(wire.verdict().verdict.outcome == Outcome::closed_early);
}

TEST_CASE("Compare: of two ends one after the other the verdict is about the last") {
  auto wire = around([](Wire& middle) {
    for (std::uint16_t port = 40000; port < 40003; ++port) {
      middle.flow.source.port = port;
      middle.there(1s, Wire::segment(syn, 1000u + port, 0));
      middle.back(1010ms, Wire::segment(rst | ack, 0, 1001u + port));
    }
    middle.flow.source.port = 40003;
    for (const auto at : {2s, 3s, 5s})
      middle.there(at, Wire::segment(syn, 8000, 0), Seen::at_sender);
    middle.flow = usual;
  });
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.attempts.since == TimePoint(2s));
}

TEST_CASE(
    "Compare: what arrives with a wrong checksum is lost on the way, not dropped by the host") {
  const bool back = GENERATE(false, true);
  auto wire = around([&](Wire& middle) {
    for (const auto at : {1s, 2s, 4s, 8s}) {
      middle.there(at, Wire::segment(syn, 1000, 0));
      if (back) middle.back(at + 20ms, Wire::segment(syn | ack, 5000, 1001));
    }
  });
  for (auto& packet : back ? wire.here : wire.far)
    if (auto* segment = std::get_if<TcpSegment>(&packet.message))
      segment->bad_checksum = packet.flow.source.address == (back ? server : client);
  const auto comparison = wire.compare();
  const auto& found = only(comparison);
  CHECK(found.finding == (back ? Finding::answer_lost : Finding::request_lost));
  CHECK(holds(found.text, "wrong TCP checksum"));
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.where.first_hop == 0);
  CHECK(verdict.culprit.where.last_hop == 4);
}

TEST_CASE("Compare: connections of which each loses all its SYNs or none") {
  const bool some_pass = GENERATE(false, true);
  auto wire = around([&](Wire& middle) {
    for (std::uint16_t i = 0; i < 8; ++i) {
      middle.flow.source.port = static_cast<std::uint16_t>(41000 + i);
      const Duration at = 1s + i * 100ms;
      if (i % 2 == 0) {
        if (some_pass && i == 4)
          middle.there(at - 1ms, Wire::segment(syn, 1000, 0), Seen::at_sender);
        handshake(middle, at);
        continue;
      }
      for (const auto later : {0s, 1s, 3s})
        middle.there(at + later, Wire::segment(syn, 9000u + i, 0), Seen::at_sender);
    }
    middle.flow = usual;
  });
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::intermittent);
  CHECK(rank_of(verdict, Mechanism::filter_drop) == 1);
  CHECK(rank_of(verdict, Mechanism::rate_limit) == (some_pass ? 1 : 2));
  const auto& because = verdict.explanations.front().because;
  CHECK(holds(because.back().text.str(), "goes by the connection") == !some_pass);
}

TEST_CASE("Compare: a refusal that the client's capture may only have missed is not called lost") {
  const bool icmp = GENERATE(false, true);
  auto wire = around([&](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    if (icmp) {
      auto error = Wire::rejected(middle.flow, 3, 1000, 0);
      Wire::put(middle.far, middle.packet({Transport::icmp, {server, 0}, {client, 0}}, 64, error),
                1010ms);
      Wire::put(middle.here, middle.packet({Transport::icmp, {server, 0}, {client, 0}}, 61, error),
                8s);  // of another attempt: the capture shows such
      std::get<IcmpError>(middle.here.back().message).quote->flow.source.port = 7;
    } else {
      middle.back(1010ms, Wire::segment(rst | ack, 0, 1001), Seen::at_sender);
    }
    middle.flow.source.port = 40001;
    middle.there(2s, Wire::segment(syn, 3000, 0));
    middle.back(2010ms, Wire::segment(rst | ack, 0, 3001));
    middle.flow = usual;
  });
  for (const auto& attempt : wire.compare().attempts)
    if (attempt.at_client == usual) CHECK(attempt.perhaps_heard);
  CHECK(wire.verdict().verdict.outcome == Outcome::refused);  // as the other was
}

namespace {

/// A connection that was made is cut, and the same client calls in vain.
Wire cut_and_shut() {
  return around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    middle.back(1200ms, Wire::segment(ack, 5001, 1101, 400));
    for (const auto at : {2s, 3s, 4s, 5s, 6s})
      middle.there(at, Wire::segment(ack, 1101, 5401, 100), Seen::at_sender);
    for (const auto port : {40002, 40003}) {
      middle.flow.source.port = std::uint16_t(port);
      for (const auto at : {2500ms, 3500ms, 5500ms})
        middle.there(at, Wire::segment(syn, 3000u + unsigned(port), 0), Seen::at_sender);
    }
    middle.flow = usual;
  });
}

}  // namespace

TEST_CASE("Compare: no limit on connections cuts one that was made") {
  const auto verdict = cut_and_shut().verdict(alone_dropped()).verdict;
  CHECK(rank_of(verdict, Mechanism::filter_drop) == 1);
  CHECK(rank_of(verdict, Mechanism::rate_limit) == 0);
}
