// A SYN/ACK that comes when the client has given up connecting: no connection is made.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

bool lists(const Verdict& verdict, Mechanism mechanism) {
  return std::ranges::count(verdict.explanations, mechanism, &Explanation::mechanism) > 0;
}

}  // namespace

TEST_CASE("Compare: a SYN/ACK that the client's stack resets after it gave up connects nobody") {
  SECTION("SYNs were lost") {
    auto wire = around([](Wire& middle) {
      middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
      middle.there(2s, Wire::segment(syn, 1000, 0), Seen::at_sender);
      middle.there(4s, Wire::segment(syn, 1000, 0));
      middle.back(5s, Wire::segment(syn | ack, 5000, 1001));
      middle.there(5020ms, Wire::segment(rst, 1001, 0));
    });
    CHECK(only(wire.compare()).finding == Finding::answered_late);
    const auto verdict = wire.verdict().verdict;
    CHECK(verdict.outcome == Outcome::dropped);
    CHECK(lists(verdict, Mechanism::path_loss));
    CHECK_FALSE(lists(verdict, Mechanism::listening));
    CHECK(verdict.culprit.where.kind == CulpritKind::between);
  }
  SECTION("answers were lost") {
    auto wire = around([](Wire& middle) {
      middle.there(1s, Wire::segment(syn, 1000, 0));
      middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
      middle.there(2s, Wire::segment(syn, 1000, 0));
      middle.back(2010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
      middle.back(4s, Wire::segment(syn | ack, 5000, 1001));
      middle.there(4020ms, Wire::segment(rst, 1001, 0));
    });
    CHECK(only(wire.compare()).finding == Finding::answered_late);
    CHECK(holds(only(wire.compare()).text, "SYN/ACKs 2 on the way back"));
    CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::between);
  }
  SECTION("the server let it wait") {
    auto wire = around([](Wire& middle) {
      middle.there(1s, Wire::segment(syn, 1000, 0));
      middle.there(2s, Wire::segment(syn, 1000, 0));
      middle.back(4s, Wire::segment(syn | ack, 5000, 1001));
      middle.there(4020ms, Wire::segment(rst, 1001, 0));
    });
    const auto verdict = wire.verdict().verdict;
    CHECK(verdict.outcome == Outcome::dropped);
    CHECK(lists(verdict, Mechanism::accept_queue_full));
    CHECK(verdict.culprit.where.kind == CulpritKind::destination);
  }
}

TEST_CASE("Compare: who looks whether a port is open resets the answer at once, and it is open") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001));
    middle.there(1020ms, Wire::segment(rst, 1001, 0));
  });
  CHECK(wire.verdict().verdict.outcome == Outcome::open);
  auto checked = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.there(2s, Wire::segment(syn, 1000, 0));
    middle.back(2010ms, Wire::segment(syn | ack, 5000, 1001));
    middle.there(2020ms, Wire::segment(rst | ack, 1001, 5001));
  });
  CHECK(checked.verdict().verdict.outcome == Outcome::open);
  auto again = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.there(2s, Wire::segment(syn, 1000, 0));
    middle.back(2010ms, Wire::segment(syn | ack, 5000, 1001));
    middle.there(2020ms, Wire::segment(ack, 1001, 5001));
    middle.there(3s, Wire::segment(rst, 1001, 0));
  });
  CHECK(again.verdict().verdict.outcome == Outcome::open);
}
