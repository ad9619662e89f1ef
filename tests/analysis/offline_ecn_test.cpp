// SYNs that ask for ECN, and the same without.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

void ask_for_ecn(Scene& scene, Duration at, std::uint16_t from) {
  TcpSegment syn;
  syn.flags = tcp_flag::syn | tcp_flag::ecn;
  syn.sequence = 1000;
  syn.sack_permitted = true;
  scene.see(at, scene.flow(from), 64, syn);
}

/// As Linux does: the first SYN asks for it, the next one does not.
void falls_back(Scene& scene, Duration at, std::uint16_t from) {
  ask_for_ecn(scene, at, from);
  scene.shake_hands(at + 1s, from);
  scene.answer(at + 1s + 3ms, from, tcp_flag::ack, 61, 501, 20);
}

}  // namespace

TEST_CASE("SYNs with ECN in vain, those without answered: a rule, no loss") {
  Scene scene;
  for (std::uint16_t i = 0; i < 5; ++i) falls_back(scene, i * 3s, i);
  SECTION("always") {
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::open);
    CHECK(lists(analysis.verdict.explanations, Mechanism::syn_filter));
    CHECK(says(analysis, CaveatId::by_form));
    CHECK_FALSE(says(analysis, CaveatId::path_loss));
  }
  SECTION("some SYN without gets lost as well") {
    scene.ask(20s, 100);
    scene.connect(21s, 100);
    CHECK(says(scene.verdict(), CaveatId::path_loss));
  }
  SECTION("some SYN with it passes") {
    ask_for_ecn(scene, 20s, 100);
    scene.answer(20s + 1ms, 100, syn_ack, 61, 500);
    scene.acknowledge(20s + 2ms, 100);
    CHECK_FALSE(lists(scene.verdict().verdict.explanations, Mechanism::syn_filter));
  }
}

TEST_CASE("two first SYNs with ECN may be lost by chance") {
  Scene scene;
  for (std::uint16_t i = 0; i < 2; ++i) falls_back(scene, i * 3s, i);
  CHECK(says(scene.verdict(), CaveatId::path_loss));
}
