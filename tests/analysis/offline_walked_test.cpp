// Who walks to an open port, or only asks whether it is open, has seen nothing of its service.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

struct Walk : Scene {
  /// A SYN of a tool whose kernel resets the SYN/ACK with a hop limit of its own.
  void probe(Duration at, std::uint16_t from, std::uint8_t hop_limit) {
    ask(at, from, hop_limit);
    answer(at + 1ms, from, syn_ack, 61, 500);
    see(at + 2ms, flow(from), 64, reset());
  }
  static TcpSegment reset() {
    TcpSegment segment;
    segment.flags = tcp_flag::rst;
    segment.sequence = 1001;
    return segment;
  }
  void traceroute(Duration at) {
    for (std::uint8_t hop = 1; hop < 20; ++hop) {
      const auto step = at + hop * 10ms;
      const auto from = static_cast<std::uint16_t>(51000 + hop + step / 1s);
      if (hop < 4) {
        ask(step, from, hop);
        time_exceeded(step + 1ms, from);
      } else {
        probe(step, from, hop);
      }
    }
  }
  void is_closed_at_once(Duration at) {
    shake_hands(at, 40000);
    answer(at + 10ms, 40000, tcp_flag::fin | tcp_flag::ack, 61, 501);
  }
};

}  // namespace

TEST_CASE("a walk to an open port meets no injector") {
  Walk scene;
  scene.traceroute(0s);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(analysis.verdict.culprit.where.kind == CulpritKind::none);
  CHECK_FALSE(lists(analysis.verdict.explanations, Mechanism::injected_reset));
}

TEST_CASE("a RST in the client's name from elsewhere is forged, whatever hop limit tools choose") {
  Walk scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  scene.see(2ms, scene.flow(40000), 55, Walk::reset());
  CHECK(lists(scene.verdict().verdict.explanations, Mechanism::injected_reset));
}

TEST_CASE("that a port is open, as walks and scans see, is no news of the service behind it") {
  const bool before = GENERATE(false, true), after = GENERATE(false, true);
  Walk scene;
  if (before) scene.traceroute(0s);
  scene.is_closed_at_once(5s);
  if (after) scene.traceroute(10s);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::closed_early);
  CHECK_FALSE(analysis.attempts.since);
}

TEST_CASE("a service that spoke before and is closed at once now has changed") {
  Walk scene;
  scene.connect(0s, 41000);
  scene.traceroute(3s);
  scene.is_closed_at_once(8s);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::closed_early);
  CHECK(analysis.attempts.since);
}
