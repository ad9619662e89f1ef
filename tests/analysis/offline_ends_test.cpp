// How connections of any capture end, or only seem to.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// The client acknowledges up to there.
void hears(Scene& scene, Duration at, std::uint32_t upto, std::uint32_t payload = 0,
           std::uint32_t sequence = 1001) {
  TcpSegment segment;
  segment.flags = tcp_flag::ack;
  segment.sequence = sequence;
  segment.acknowledgment = upto;
  segment.payload = payload;
  scene.see(at, Scene::flow(40000), 64, segment);
}

}  // namespace

TEST_CASE("a RST that the client does not heed ends nothing") {
  Scene scene;
  scene.connect(0s, 40000);
  hears(scene, 4ms, 521);
  scene.answer(1s, 40000, tcp_flag::rst, 200, GENERATE(521u, 700'000u));
  scene.answer(2s, 40000, tcp_flag::ack, 61, 521, 30);
  SECTION("it acknowledges what the server says after it") {
    hears(scene, 2001ms, 551);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("it does not, as the server has not heard of the RST") {
    scene.acknowledge(2001ms, 40000, tcp_flag::rst);
    CHECK(scene.verdict().verdict.outcome == Outcome::closed_early);
  }
  SECTION("what it acknowledges had been said before: that was on its way") {
    hears(scene, 2001ms, 521);
    CHECK(scene.verdict().verdict.outcome == Outcome::closed_early);
  }
}

TEST_CASE("pieces of one burst that are sent again are no proof that nothing gets through") {
  Scene scene;
  scene.connect(0s, 40000);
  for (const auto piece : {0u, 1u, 2u, 3u}) hears(scene, 1s + piece * 1ms, 521, 100, 1001 + 100 * piece);
  for (const auto piece : {0u, 1u, 2u, 3u})
    hears(scene, 1300ms + piece * 1ms, 521, 100, 1001 + 100 * piece);
  SECTION("when the capture ends there") {
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("unless it goes on") {
    hears(scene, 2500ms, 521, 100, 1001);
    CHECK(scene.verdict().verdict.outcome == Outcome::silent_service);
  }
}

TEST_CASE("a SYN that is refused is sent again, as Windows does, and is accepted") {
  Scene scene;
  for (const auto at : {0ms, 500ms}) {
    scene.ask(at, 40000);
    scene.answer(at + 1ms, 40000, reset_ack);
  }
  scene.ask(1s, 40000);
  SECTION("the service has begun to listen") {
    scene.answer(1001ms, 40000, syn_ack, 61, 500);
    scene.acknowledge(1002ms, 40000);
    scene.answer(1003ms, 40000, tcp_flag::ack, 61, 501, 20);
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::open);
    CHECK(analysis.attempts.open == 1);
    CHECK_FALSE(says(analysis, CaveatId::path_loss));
  }
  SECTION("each is answered: nothing gets lost") {
    scene.answer(1001ms, 40000, reset_ack);
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.refused == 1);
    CHECK_FALSE(says(analysis, CaveatId::path_loss));
  }
}

TEST_CASE("a connection that lay idle for an hour is the same") {
  Scene scene;
  scene.connect(0s, 40000);
  hears(scene, 4ms, 521);
  SECTION("and goes on") {
    hears(scene, 1h, 521, 10);
    scene.answer(1h + 1ms, 40000, tcp_flag::ack, 61, 521, 30, 1011);
    CHECK(scene.only_target().attempts.total == 1);
  }
  SECTION("and is reset") {
    scene.answer(1h, 40000, reset_ack, 61, 521);
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.total == 1);
    CHECK(analysis.verdict.outcome == Outcome::closed_early);
  }
}
