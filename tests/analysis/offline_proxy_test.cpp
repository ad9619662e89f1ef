// A device on the way accepts connections in the host's name.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// Of a device nearer than the host, which answers from there on another port.
void accept_nearby(Scene& scene) {
  scene.port = 443;
  scene.connect(0s, 50000);
  scene.port = 80;
  scene.ask(1s, 40000);
  scene.answer(1001ms, 40000, syn_ack, 64, 500);
  scene.acknowledge(1002ms, 40000);
}

const Target& on_port(Scene& scene, std::uint16_t port) {
  scene.tracker.finish(scene.now);
  scene.book.settle();
  for (const auto& target : scene.book.targets())
    if (target.endpoint.port == port) return target;
  FAIL();
  return scene.book.targets().front();
}

Verdict verdict_on(Scene& scene, std::uint16_t port) {
  CaptureFacts facts;
  facts.horizon = scene.now;
  return inspect({scene.book, scene.tracker.counts(), facts, scene.around, true},
                 on_port(scene, port))
      .analysis.verdict;
}

}  // namespace

TEST_CASE("who accepts nearer than the host and resets what it is asked may be a proxy") {
  Scene scene;
  accept_nearby(scene);
  scene.say(1003ms, 40000, "GET / HTTP/1.1\r\n\r\n");
  scene.answer(1004ms, 40000, reset_ack, 64, 501, 0, 1019);
  const auto verdict = verdict_on(scene, 80);
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK(lists(verdict.explanations, Mechanism::transparent_proxy));
  CHECK(verdict.culprit.confidence == Confidence::weak);
  CHECK(verdict.culprit.where == Where{CulpritKind::unknown, 1, {}, {}});
}

TEST_CASE("who accepts nearer than the host and says nothing may be a proxy") {
  Scene scene;
  accept_nearby(scene);
  scene.say(1003ms, 40000, "GET / HTTP/1.1\r\n\r\n");
  scene.answer(1004ms, 40000, tcp_flag::ack, 64, 501, 0, 1019);
  scene.acknowledge(20s, 40000, tcp_flag::fin | tcp_flag::ack);
  const auto verdict = verdict_on(scene, 80);
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(lists(verdict.explanations, Mechanism::transparent_proxy));
  CHECK(verdict.culprit.confidence == Confidence::weak);
}

TEST_CASE("a window that is never opened is no open connection") {
  Scene scene;
  scene.port = 9000;
  scene.ask(0s, 40000);
  const auto shut = [&](Duration at, std::uint8_t flags, std::uint32_t sequence) {
    TcpSegment segment;
    segment.flags = flags;
    segment.sequence = sequence;
    segment.acknowledgment = 1001;
    scene.see(at, scene.flow(40000).reversed(), 61, segment);
  };
  shut(1ms, syn_ack, 500);
  scene.acknowledge(2ms, 40000);
  const bool answered = GENERATE(true, false);
  for (const auto at : {1s, 2s, 4s, 8s, 16s}) {
    scene.hears(at, 501, 0, 1000);
    if (answered) shut(at + 1ms, tcp_flag::ack, 501);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::silent_service);
  CHECK(analysis.attempts.open == 0);
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::syn_proxy);
}
