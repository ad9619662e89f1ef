// Answers that reach the client, and that no stack takes.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

LinkEnds to_machine(std::uint8_t last) { return {{{2, 0, 0, 0, 0, 9}}, {{2, 0, 0, 0, 0, last}}}; }

/// Port 443 answers, and so does port 22, four times, as the client goes on asking.
struct InVain : Scene {
  explicit InVain(std::uint8_t flags = syn_ack, bool other = true) {
    if (other) {
      link = to_machine(1);
      port = 443;
      shake_hands(0s, 50000);
      port = 22;
    }
    answered_with = flags;
  }
  Verdict answered(std::uint8_t hop_limit_of_syn = 64) {
    for (const auto at : {1s, 2s, 4s, 8s}) {
      ask(at, 40000, hop_limit_of_syn);
      answer(at + 20ms, 40000, answered_with, 61, answered_with == syn_ack ? 500 : 0);
    }
    return verdict_of(22).verdict;
  }
  std::uint8_t answered_with = syn_ack;
};

bool lists_rule(const Verdict& verdict, unsigned rank) {
  return std::ranges::any_of(verdict.explanations, [&](const Explanation& found) {
    return found.mechanism == Mechanism::local_input_filter && found.rank == rank;
  });
}

}  // namespace

TEST_CASE("an answer with a wrong checksum was spoiled on the way") {
  InVain scene(GENERATE(syn_ack, reset_ack));
  scene.spoilt = true;
  const auto verdict = scene.answered();
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.where == Where{CulpritKind::between, 1, 4, {}});
  CHECK(verdict.culprit.confidence == Confidence::strong);
  REQUIRE(verdict.explanations.size() == 1);
  CHECK(verdict.explanations.front().mechanism == Mechanism::answer_lost);
}

TEST_CASE("where all that the capture shows is spoiled, it may be the capture") {
  InVain scene(syn_ack, false);
  scene.spoilt = true;
  const auto verdict = scene.answered();
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.confidence == Confidence::weak);
  CHECK(lists_rule(verdict, 1));
}

TEST_CASE("answers with right checksums in vain are for the client's own rules") {
  const auto verdict = InVain().answered();
  CHECK(verdict.outcome == Outcome::local);
  CHECK(verdict.culprit.where == this_host);
}

TEST_CASE("an answer in frames to another machine does not reach the client's stack") {
  InVain scene;
  scene.link = to_machine(GENERATE(std::uint8_t{1}, std::uint8_t{7}));
  const bool other = scene.link->to.bytes.back() == 7;
  const auto verdict = scene.answered();
  CHECK(verdict.outcome == (other ? Outcome::dropped : Outcome::local));
  if (!other) return;
  CHECK(verdict.culprit.where == Where{CulpritKind::router, 1, 1, {}});
  CHECK(lists_rule(verdict, 2));
}

TEST_CASE("beyond a router hardware addresses are those of routers") {
  InVain scene;
  scene.link = to_machine(7);
  CHECK(scene.answered(62).explanations.front().where != Where{CulpritKind::router, 1, 1, {}});
}

TEST_CASE("a FIN in answer to a SYN, numbered 0, is of a program that could not connect") {
  Scene scene;
  const auto sequence = GENERATE(as<std::uint32_t>{}, 0, 500);
  scene.ask(0s, 40000);
  scene.answer(20ms, 40000, tcp_flag::fin | tcp_flag::ack, 64, sequence);
  for (const auto at : {1s, 3s, 7s}) scene.ask(at, 40000);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.explanations.size() == (sequence == 0 ? 5u : 1u));
  CHECK(verdict.explanations.front().mechanism ==
        (sequence == 0 ? Mechanism::icmp_reject_host : Mechanism::answer_lost));
}
