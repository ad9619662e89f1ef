// Keepalives: what asks whether the other end is still there.
#include <cerrno>

#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

constexpr auto times = {3s, 4s, 5s, 6s};

/// A question and its answer; then the connection is idle.
void talk(Wire& wire) {
  handshake(wire);
  wire.there(1100ms, Wire::segment(ack, 1001, 5001, 2));
  wire.back(1120ms, Wire::segment(ack, 5001, 1003, 2));
  wire.there(1140ms, Wire::segment(ack, 1003, 5003));
}

void ask(Wire& wire, Duration at, Seen seen = Seen::both) {
  wire.there(at, Wire::segment(ack, 1002, 5003), seen);
}

void answer(Wire& wire, Duration at, Seen seen = Seen::both) {
  wire.back(at + 20ms, Wire::segment(ack, 5003, 1003), seen);
}

/// Its stack gave up what had been open.
Analysis alone_timed_out() {
  auto alone = alone_dropped();
  alone.verdict.outcome = Outcome::silent_service;
  alone.app_sees.error = ETIMEDOUT;
  return alone;
}

}  // namespace

TEST_CASE("Compare: keepalives whose answers get lost are answered in vain") {
  auto wire = around([](Wire& middle) {
    talk(middle);
    for (const auto at : times) {
      ask(middle, at);
      answer(middle, at, Seen::at_sender);
    }
    middle.there(7s, Wire::segment(rst | ack, 1003, 5003));
  });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::data_lost);
  CHECK(only(comparison).way == Way::back);
  CHECK(only(comparison).lost == 4);
  CHECK(holds(only(comparison).text, "still there"));
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.culprit.where.kind == CulpritKind::between);
  CHECK(verdict.culprit.confidence == Confidence::certain);
}

TEST_CASE("Compare: keepalives that arrive and are not answered are the host's") {
  auto wire = around([](Wire& middle) {
    talk(middle);
    for (const auto at : times) ask(middle, at);
  });
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  const auto culprit = wire.verdict().verdict.culprit;
  CHECK(culprit.where.kind == CulpritKind::destination);
  CHECK(culprit.confidence == Confidence::strong);
}

TEST_CASE("Compare: keepalives of the server that the client does not answer") {
  auto wire = around([](Wire& middle) {
    talk(middle);
    for (const auto at : times) middle.back(at, Wire::segment(ack, 5002, 1003));
  });
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  CHECK(wire.verdict().verdict.outcome == Outcome::local);
}

TEST_CASE("Compare: keepalives that are answered in the end say that all is well") {
  auto wire = around([](Wire& middle) {
    talk(middle);
    for (const auto at : times) {
      ask(middle, at);
      answer(middle, at, at == 6s ? Seen::both : Seen::at_sender);
    }
  });
  CHECK(only(wire.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: a client that has said nothing yet may ask too") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : times) middle.there(at, Wire::segment(ack, 1000, 5001));
  });
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
}

TEST_CASE("Compare: a connection that timed out at the client is not open, whatever both show") {
  auto wire = around([](Wire& middle) { talk(middle); });
  CHECK(wire.verdict().verdict.outcome == Outcome::open);
  CHECK(wire.verdict(alone_timed_out()).verdict.outcome == Outcome::silent_service);
}
