// Ports that answered a client and then no longer, or only now and then.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

struct Client : Scene {
  void is_refused(Duration at, std::uint16_t wanted, std::uint16_t from) {
    port = wanted;
    ask(at, from);
    answer(at + 1ms, from, reset_ack);
  }
  void is_answered(Duration at, std::uint16_t from) {
    port = 22;
    connect(at, from);
  }
  /// The SYN, and again as stacks do.
  void is_silent(Duration at, std::uint16_t wanted, std::uint16_t from) {
    port = wanted;
    for (const auto again : {0s, 1s, 3s}) ask(at + again, from);
  }
};

const Explanation* find(const Analysis& analysis, Mechanism mechanism) {
  const auto& list = analysis.verdict.explanations;
  const auto found = std::ranges::find(list, mechanism, &Explanation::mechanism);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a host that answered a client on all ports, and then on none, may have banned it") {
  const auto pause = GENERATE(Duration(10ms), Duration(20s));  // it is silent at once, or later
  Client scene;
  scene.is_answered(0s, 40000);
  scene.is_refused(20ms, 443, 40001);
  scene.is_silent(20ms + pause, 22, 40002);
  scene.is_silent(4s + pause, 443, 40003);
  const auto wanted = GENERATE(std::uint16_t{22}, std::uint16_t{443});
  const auto analysis = scene.verdict_of(wanted);
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.culprit.confidence == Confidence::weak);
  REQUIRE(find(analysis, Mechanism::probe_ban));
  CHECK(find(analysis, Mechanism::probe_ban)->rank == 1);
  CHECK(find(analysis, Mechanism::host_silent));
  CHECK_FALSE(find(analysis, Mechanism::syn_filter));
  CHECK_FALSE(find(analysis, Mechanism::accept_queue_full));
  for (const auto& found : analysis.verdict.explanations)
    for (const auto& why : found.because) {
      CHECK(why.text.str().find("Nothing else was asked") == std::string::npos);
      CHECK(why.text.str().find("is answered by the host itself") == std::string::npos);
    }
}

TEST_CASE("a ban or a limit may be for one port") {
  Client scene;
  scene.is_answered(0s, 40000);
  scene.is_silent(5s, 22, 40002);
  scene.port = 443;
  scene.connect(7s, 40001);
  const auto analysis = scene.verdict_of(22);
  CHECK(find(analysis, Mechanism::probe_ban));
  CHECK(find(analysis, Mechanism::rate_limit));
  CHECK(find(analysis, Mechanism::filter_drop));
}

TEST_CASE("SYNs that are answered in between tell of a limit, and of no ban") {
  Client scene;
  scene.is_answered(0s, 40000);
  scene.is_silent(5s, 22, 40001);
  scene.is_answered(12s, 40002);
  scene.is_silent(15s, 22, 40003);
  const auto analysis = scene.verdict_of(22);
  CHECK(find(analysis, Mechanism::rate_limit));
  CHECK_FALSE(find(analysis, Mechanism::probe_ban));
}

TEST_CASE("a port that never answered has banned nobody") {
  Client scene;
  scene.is_silent(0s, 22, 40000);
  scene.is_refused(7s, 443, 40001);
  const auto analysis = scene.verdict_of(22);
  CHECK_FALSE(find(analysis, Mechanism::probe_ban));
  CHECK_FALSE(find(analysis, Mechanism::rate_limit));
}

TEST_CASE("what passed while the port answered is no place for what stops it later") {
  const bool shut = GENERATE(false, true);
  Client scene;
  for (std::uint8_t hop = 1; hop < 4; ++hop) {
    scene.ask(hop * 10ms, 40000, hop, 1000u + hop);
    scene.time_exceeded(hop * 10ms + 1ms, 40000, 1000u + hop);
  }
  if (shut) scene.is_answered(1s, 40001);
  scene.is_silent(5s, 22, 40002);
  scene.is_refused(7s, 443, 40003);
  const auto analysis = scene.verdict_of(22);
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.culprit.where.first_hop == std::uint8_t(shut ? 1 : 3));
}

TEST_CASE("a walk on a flow that gets through is none for those that are dropped") {
  Client scene;
  const auto walk = [&](Duration at, std::uint16_t from, std::uint8_t hops) {
    for (std::uint8_t hop = 1; hop <= hops; ++hop) {
      scene.ask(at + hop * 10ms, from, hop, 1000u + hop);
      scene.time_exceeded(at + hop * 10ms + 1ms, from, 1000u + hop);
    }
  };
  scene.is_answered(0s, 40000);
  walk(100ms, 40000, 3);
  scene.is_silent(1s, 22, 40001);
  scene.is_answered(5s, 40002);
  scene.is_silent(6s, 22, 40003);
  walk(10s, 40003, 1);
  const auto analysis = scene.verdict_of(22);
  CHECK(analysis.verdict.outcome == Outcome::intermittent);
  CHECK(analysis.verdict.culprit.where.first_hop == std::uint8_t{1});
}
