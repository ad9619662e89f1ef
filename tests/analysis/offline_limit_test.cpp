// Silence for some SYNs beside answers to others: what a limit lets through, and what no filter
// does.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

void accept(Scene& scene, Duration at, std::uint16_t from) {
  scene.answer(at, from, syn_ack, 61, 500);
  scene.acknowledge(at + 1ms, from);
}

Verdict verdict_of(Scene& scene) { return scene.verdict().verdict; }

}  // namespace

TEST_CASE(
    "SYNs that are answered when they are sent again, beside others that never are: a limit") {
  Scene scene;
  scene.port = 80;
  for (std::uint16_t i = 0; i < 12; ++i) scene.connect(i * 10ms, 40010 + i);
  scene.ask(1s, 40001);  // in vain
  scene.ask(1500ms, 40002);
  scene.ask(2s, 40001);
  scene.ask(2500ms, 40002);
  accept(scene, 2501ms, 40002);
  for (const auto at : {4s, 8s}) scene.ask(at, 40001);
  SECTION("the end of it is not captured") {}
  SECTION("many more that pass at once do not hide it") {
    for (std::uint16_t i = 0; i < 30; ++i) scene.connect(9s + i * 10ms, 41000 + i);
    for (const auto at : {10s, 11s, 13s, 17s}) scene.ask(at, 40003);
  }
  const auto verdict = verdict_of(scene);
  CHECK(verdict.outcome == Outcome::intermittent);
  CHECK(verdict.culprit.confidence == Confidence::weak);
  REQUIRE(verdict.explanations.size() >= 3);
  CHECK(verdict.explanations[0].mechanism == Mechanism::rate_limit);
  CHECK(verdict.explanations[1].mechanism == Mechanism::accept_queue_full);
  CHECK(lists(verdict.explanations, Mechanism::path_loss));
  CHECK_FALSE(lists(verdict.explanations, Mechanism::answer_lost));
}

TEST_CASE("a filter that goes away in between is likelier than a limit") {
  Scene scene;
  scene.connect(0s, 40000);
  for (const auto at : {10s, 11s, 13s}) scene.ask(at, 40001);
  scene.ask(12s, 40002);
  scene.ask(13500ms, 40002);
  accept(scene, 13501ms, 40002);
  for (const auto at : {30s, 31s, 33s}) scene.ask(at, 40003);
  const auto list = verdict_of(scene).explanations;
  CHECK(list.front().mechanism != Mechanism::rate_limit);
  for (const auto& found : list)
    if (found.mechanism == Mechanism::rate_limit) CHECK(found.rank == 2);
}

TEST_CASE("answers that come late because the way is long speak for no limit") {
  Scene scene;
  scene.ask(0s, 40001);
  scene.ask(500ms, 40002);
  scene.ask(1s, 40001);
  scene.ask(1500ms, 40002);
  accept(scene, 1600ms, 40002);
  scene.ask(3s, 40001);
  CHECK_FALSE(lists(verdict_of(scene).explanations, Mechanism::rate_limit));
}
