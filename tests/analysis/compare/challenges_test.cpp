// A port that is used again while the server still holds the connection that had it before.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

/// A connection, then SYNs from its port, which the server answers with an ACK of it.
Wire used_again(Seen challenge, Seen reset = Seen::both) {
  return around([&](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 5));
    middle.back(1200ms, Wire::segment(ack, 5001, 1006, 5));
    middle.there(1250ms, Wire::segment(ack, 1006, 5006));
    for (const auto at : {3s, 4s, 6s}) {
      middle.there(at, Wire::segment(syn, 700'000, 0));
      middle.back(at + 11ms, Wire::segment(ack, 5006, 1006), challenge);
      if (challenge == Seen::both) middle.there(at + 22ms, Wire::segment(rst, 1006, 0), reset);
    }
  });
}

}  // namespace

TEST_CASE("Compare: a SYN that the server answers for an older connection, whose ACK is lost") {
  auto wire = used_again(Seen::at_sender);
  const auto comparison = wire.compare();
  REQUIRE(comparison.attempts.size() == 2);
  CHECK(comparison.attempts[0].finding == Finding::answered);
  CHECK(comparison.attempts[1].finding == Finding::answer_lost);
  CHECK(comparison.attempts[1].lost == 3);
  CHECK(comparison.lost_back == 3);
  CHECK_FALSE(comparison.unsure);
  CHECK(comparison.decisive == 1);
  CHECK(comparison.crossings.size() == 6);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.explanations.front().mechanism == Mechanism::answer_lost);
  CHECK(holds(comparison.attempts[1].text, "older connection"));
}

TEST_CASE("Compare: a port that a NAT gives again shows the client's RST on its next connection") {
  auto wire = around([](Wire& middle) {
    const auto nat = [](Observation& packet) { packet.flow.source = {other_client, 7000}; };
    middle.nat_there = nat;
    middle.as_sent = [](Observation& packet) { packet.flow.destination = {other_client, 7000}; };
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 5));
    middle.back(1200ms, Wire::segment(ack, 5001, 1006, 5));
    middle.there(1250ms, Wire::segment(ack, 1006, 5006));
    middle.flow.source.port = 40001;
    middle.there(3s, Wire::segment(syn, 700'000, 0));
    middle.back(3011ms, Wire::segment(ack, 5006, 1006));
    middle.there(3022ms, Wire::segment(rst, 1006, 0));
    middle.there(3500ms, Wire::segment(syn, 700'000, 0));
    middle.back(3511ms, Wire::segment(syn | ack, 90'000, 700'001));
    middle.there(3522ms, Wire::segment(ack, 700'001, 90'001));
    middle.flow = usual;
  });
  const auto comparison = wire.compare();
  REQUIRE(comparison.attempts.size() == 2);
  CHECK(comparison.attempts[0].finding == Finding::answered);
  CHECK(comparison.attempts[1].finding == Finding::answered);
  CHECK(comparison.lost_there + comparison.lost_back == 0);
  CHECK(wire.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("Compare: the client's RST to the ACK of an older connection is what gets lost") {
  auto wire = used_again(Seen::both, Seen::at_sender);
  const auto comparison = wire.compare();
  REQUIRE(comparison.attempts.size() == 2);
  CHECK(comparison.attempts[0].finding == Finding::answered);
  CHECK(comparison.attempts[1].finding == Finding::older_connection);
  CHECK(wire.verdict().verdict.outcome == Outcome::dropped);
}
