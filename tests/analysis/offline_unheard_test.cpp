// What comes as far as the client's machine, and that its stack does not get.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// The first words of the server, again and again; the client, which has not got them, speaks too.
struct Words : Scene {
  explicit Words(std::uint8_t hop_limit = 64) {
    ask(0s, 40000, hop_limit);
    answer(1ms, 40000, syn_ack, 61, 500);
    hears(2ms, 501, 0, 1001, hop_limit);
  }
  void repeats() {
    for (const auto at : {3ms, 210ms, 420ms, 850ms, 1700ms, 3400ms, 6800ms})
      answer(at, 40000, tcp_flag::ack, 61, 501, 41);
  }
};

}  // namespace

TEST_CASE("words that are in the client's own capture, and that it never acknowledges") {
  Words scene;
  scene.repeats();
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::local);
  CHECK(verdict.culprit.where == this_host);
  CHECK(verdict.explanations.front().mechanism == Mechanism::local_input_filter);
  CHECK(lists(verdict.explanations, Mechanism::data_blocked));
}

TEST_CASE("captured a router farther they may be lost on the way to it") {
  Words scene(62);
  scene.repeats();
  CHECK(scene.verdict().verdict.outcome == Outcome::silent_service);
}

TEST_CASE("words that it acknowledges have reached it") {
  Words scene;
  for (const auto at : {3ms, 210ms, 420ms, 850ms, 1700ms, 3400ms, 6800ms}) {
    scene.answer(at, 40000, tcp_flag::ack, 61, 501, 41);
    scene.hears(at + 1ms, 542);
  }
  CHECK(scene.verdict().verdict.outcome == Outcome::silent_service);
}

TEST_CASE("SYN/ACKs that nobody acknowledges or resets may not reach the client") {
  const bool reset = GENERATE(false, true);
  Scene scene;
  for (std::uint16_t from = 40000; from < 40004; ++from) {
    const auto at = (from - 40000) * 10ms;
    scene.ask(at, from);
    scene.answer(at + 1ms, from, syn_ack, 61, 500);
    if (reset) scene.acknowledge(at + 2ms, from, tcp_flag::rst);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(says(analysis, CaveatId::short_run) == !reset);
  CHECK((analysis.verdict.culprit.confidence == Confidence::weak) == !reset);
}

TEST_CASE("messages that reject, and the silence between them, are one fault") {
  const bool also_open = GENERATE(false, true);
  Scene scene;
  const auto rejected = [&](Duration at, std::uint16_t from) {
    scene.ask(at, from);
    IcmpError error{3, 10, Quote{}, {}};
    error.quote->flow = scene.flow(from);
    error.quote->tcp_sequence = 1000;
    scene.see(at + 1ms, {Transport::icmp, {server, 0}, {client, 0}}, 61, error);
  };
  rejected(0s, 40000);
  scene.ask(100ms, 40001);
  rejected(1s, 40002);
  scene.ask(1200ms, 40003);
  if (also_open) scene.connect(1300ms, 40004);
  rejected(2s, 40005);
  scene.ask(9s, 40000, 1);  // the capture goes on
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == (also_open ? Outcome::intermittent : Outcome::rejected));
  CHECK_FALSE(analysis.attempts.since);
}
