// Since when a target has fared as it does, and whether it is steady.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

TEST_CASE("when it began to be so") {
  Scene scene;
  for (const auto at : {0s, 10s}) scene.connect(at, static_cast<std::uint16_t>(at.count()));
  for (const auto at : {200s, 210s}) {
    scene.ask(at, 40001);
    scene.answer(at + 1ms, 40001, reset_ack);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(analysis.attempts.since == TimePoint(200s));
}

TEST_CASE("a port that was open before tells how far the host is that resets it now") {
  const auto verdict = [](std::uint8_t hop_limit) {
    Scene scene;
    for (const auto at : {0s, 10s}) scene.connect(at, static_cast<std::uint16_t>(at.count()));
    for (const auto at : {200s, 210s}) {
      scene.ask(at, 40001);
      scene.answer(at + 1ms, 40001, reset_ack, hop_limit);
    }
    return scene.verdict().verdict;
  };
  const auto stopped = verdict(61);  // as the SYN/ACKs
  CHECK(stopped.culprit.where.kind == CulpritKind::destination);
  CHECK(stopped.culprit.confidence == Confidence::strong);
  const auto forged = verdict(63);
  CHECK(forged.explanations.front().mechanism == Mechanism::middlebox_reset);
  CHECK(forged.culprit.confidence == Confidence::weak);
}

TEST_CASE("what comes and goes is not so since its last change") {
  Scene scene;
  for (std::uint16_t i = 0; i < 6; ++i) {
    if (i % 2 != 0) {
      scene.connect(i * 10s, i);
      continue;
    }
    scene.ask(i * 10s, i);
    scene.answer(i * 10s + 1ms, i, reset_ack);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::intermittent);
  CHECK(analysis.attempts.since == Attempts{}.since);
}

TEST_CASE("a connection that lives on says nothing of how later attempts fare") {
  Scene scene;
  scene.connect(0s, 40000);
  for (const auto at : {50s, 51s, 52s}) {
    const auto port = static_cast<std::uint16_t>(40000 + at.count());
    scene.ask(at, port);
    scene.answer(at + 1ms, port, reset_ack);
  }
  for (auto at = 60s; at <= 120s; at += 20s) scene.acknowledge(at, 40000);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(analysis.attempts.open == 1);
  CHECK(analysis.attempts.refused == 3);
  CHECK(analysis.attempts.since == TimePoint(50s));
}

TEST_CASE("a connection that began amid refusals makes them intermittent, when it is over") {
  Scene scene;
  for (const auto at : {0s, 20s, 40s}) {
    const auto port = static_cast<std::uint16_t>(40000 + at.count());
    scene.ask(at, port);
    scene.answer(at + 1ms, port, reset_ack);
    if (at == 20s) scene.connect(30s, 50000);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::intermittent);
  CHECK(analysis.attempts.since == Attempts{}.since);
}

TEST_CASE("what ends without a word fared so since it was asked, not since that turned out") {
  Scene scene;
  for (std::uint16_t i = 0; i < 6; ++i) {
    if (i % 2 != 0)
      scene.connect(i * 2s, i);
    else
      scene.shake_hands(i * 2s, i);
  }
  for (std::uint16_t i = 0; i < 6; i += 2) scene.answer(i * 2s + 22s, i, reset_ack, 61, 501);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::intermittent);
  CHECK(analysis.attempts.since == Attempts{}.since);
}
