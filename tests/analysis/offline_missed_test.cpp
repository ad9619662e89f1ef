// Packets that a capture missed, as mirror ports do, and losses that did not happen.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// A try a minute; the answers to some are missing.
Analysis refused(std::uint16_t tries, const std::vector<std::uint16_t>& missing,
                 bool again = false) {
  Scene scene;
  for (std::uint16_t i = 0; i < tries; ++i) {
    const bool missed = std::ranges::find(missing, i) != missing.end();
    scene.ask(i * 60s, i);
    if (missed && again) scene.ask(i * 60s + 1s, i);
    if (!missed) scene.answer(i * 60s + 1ms, i, reset_ack);
  }
  return scene.verdict();
}

}  // namespace

TEST_CASE("one answer that is missing among many is no change") {
  const auto missing = GENERATE(as<std::uint16_t>{}, 0, 3, 8);
  const auto analysis = refused(10, {missing});
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(analysis.verdict.explanations.front().rank == 1);
  CHECK(analysis.attempts.refused == 9);
  CHECK(analysis.attempts.dropped == 0);
  CHECK(analysis.attempts.since == Attempts{}.since);
  CHECK(says(analysis, CaveatId::short_run));
}

TEST_CASE("answers that are missing by chance are few, and apart") {
  CHECK(refused(24, {3, 9, 15}).verdict.outcome == Outcome::refused);
  CHECK(refused(24, {3, 4, 5}).verdict.outcome == Outcome::intermittent);
  CHECK(refused(12, {3, 5, 7, 9}).verdict.outcome == Outcome::intermittent);
  CHECK(refused(2, {0}).verdict.outcome == Outcome::refused);
}

TEST_CASE("a SYN that its stack repeats got no answer") {
  CHECK(refused(10, {3}, true).verdict.outcome == Outcome::intermittent);
}

TEST_CASE("a service that single SYNs find silent for a while has explanations") {
  Scene scene;
  scene.around = {};
  Observation tcp;
  tcp.flow = scene.flow(1).reversed();
  tcp.message = TcpSegment{};
  scene.around.see(tcp);  // and no ICMP
  for (std::uint16_t i = 0; i < 20; ++i)
    if (i >= 7 && i < 13)
      scene.ask(i * 10s, i);
    else
      scene.connect(i * 10s, i);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::intermittent);
  CHECK(lists(verdict.explanations, Mechanism::filter_drop));
}

TEST_CASE("a SYN/ACK that the capture missed is shown by what comes after it") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.hears(2ms, 501, 20, 1001);
  const bool fits = GENERATE(true, false);
  scene.answer(3ms, 40000, tcp_flag::ack, 61, 501, 30, fits ? 1021 : 90'000);
  scene.hears(4ms, 531, 0, 1021);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == (fits ? Outcome::open : Outcome::inconclusive));
  CHECK(says(analysis, CaveatId::one_direction));
  CHECK(says(analysis, CaveatId::forged_replies) == !fits);
}

TEST_CASE("a SYN that crosses the answer to the one before is not lost") {
  Scene scene;
  const bool answered = GENERATE(true, false);
  scene.ask(0s, 40000);
  scene.ask(1s, 40000);
  scene.answer(1300ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(1301ms, 40000);
  if (answered) scene.answer(2300ms, 40000, syn_ack, 61, 500);
  scene.answer(2600ms, 40000, tcp_flag::ack, 61, 501, 20);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(says(analysis, CaveatId::path_loss) == !answered);
}
