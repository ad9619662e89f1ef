// A SYN/ACK that is in the capture, and that nobody is seen to acknowledge.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// As a program does that waits for a second or two.
void ask_twice(Scene& scene, std::vector<Duration> answers) {
  scene.ask(0s, 40000);
  std::erase_if(answers, [&](Duration at) {
    if (at < 1s) scene.answer(at, 40000, syn_ack, 61, 500);
    return at < 1s;
  });
  scene.ask(1s, 40000);
  for (const auto at : answers) scene.answer(at, 40000, syn_ack, 61, 500);
}

}  // namespace

TEST_CASE("a client that asks once more after the SYN/ACK, and never acknowledges one") {
  Scene scene;
  SECTION("while the server repeats it: no answer reaches it") {
    ask_twice(scene, {10ms, 1010ms, 3010ms, 7010ms});
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::local);
    CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::local_input_filter);
    CHECK(analysis.attempts.dropped == 1);
    CHECK(analysis.app_sees.error == ETIMEDOUT);
  }
  SECTION("and the server does not: the second may have reached it") {
    ask_twice(scene, {10ms, 1010ms});
    scene.now = TimePoint(60s);
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::inconclusive);
    CHECK(analysis.verdict.explanations.empty());
    CHECK(says(analysis, CaveatId::short_run));
  }
  SECTION("an answer that may have crossed the SYN") {
    ask_twice(scene, {950ms, 1950ms});
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("it went on at last") {
    ask_twice(scene, {10ms, 1010ms, 3010ms, 7010ms});
    scene.acknowledge(7011ms, 40000);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("a SYN/ACK without its SYN opens nothing when the server repeats it") {
  Scene scene;
  const bool again = GENERATE(true, false);
  for (std::uint16_t i = 0; i < 4; ++i) {
    scene.answer(i * 9s, i, syn_ack, 61, 500);
    if (again) scene.answer(i * 9s + 1s, i, syn_ack, 61, 500);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.attempts.total == 4);
  CHECK(analysis.verdict.outcome == (again ? Outcome::inconclusive : Outcome::open));
  CHECK(says(analysis, CaveatId::short_run));  // nobody is seen to act on them
}

TEST_CASE("a SYN/ACK to a SYN from before the capture is no attempt of its own") {
  Scene scene;
  const bool first = GENERATE(true, false);
  if (first) scene.answer(0s, 50000, syn_ack, 61, 500);
  for (const auto at : {1s, 2s, 4s, 8s}) scene.ask(at, 40000);
  if (!first) scene.answer(9s, 50000, syn_ack, 61, 500);
  const auto analysis = scene.verdict();
  CHECK(analysis.attempts.total == 1);
  CHECK(analysis.attempts.dropped == 1);
  CHECK(analysis.attempts.since == Attempts{}.since);
  CHECK_FALSE(says(analysis, CaveatId::not_sent));
}
