// Several clients of one target.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

const IpAddress other = IpAddress::v4(0xc0000214);

void refused(Scene& scene, Duration at, std::uint16_t from) {
  scene.ask(at, from);
  scene.answer(at + 1ms, from, reset_ack);
}

}  // namespace

TEST_CASE("of several clients the report is of one that fares so") {
  Scene scene;
  for (std::uint16_t i = 0; i < 3; ++i) scene.connect(i * 1s, i);
  scene.who = other;
  refused(scene, 20s, 40000);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(scene.inspection->run.facts.vantage.local == other);
}

TEST_CASE("clients that always fare alike are not intermittent") {
  Scene scene;
  for (std::uint16_t i = 0; i < 4; ++i) {
    scene.who = client;
    scene.connect(i * 10s, i);
    scene.who = other;
    refused(scene, i * 10s + 5s, static_cast<std::uint16_t>(100 + i));
  }
  SECTION("it depends on who asks") {
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::refused);
    CHECK(analysis.attempts.open == 4);
    CHECK(analysis.attempts.refused == 4);
  }
  SECTION("unless one of them fares now so and now so") {
    scene.connect(50s, 200);
    CHECK(scene.verdict().verdict.outcome == Outcome::intermittent);
  }
}

TEST_CASE("clients that ask once each may be spared by chance") {
  Scene scene;
  for (std::uint16_t i = 0; i < 8; ++i) {
    scene.who = IpAddress::v4(0xc0000220u + i);
    if (i % 2 == 0)
      scene.connect(i * 10s, 40000);
    else
      refused(scene, i * 10s, 40000);
  }
  CHECK(scene.verdict().verdict.outcome == Outcome::intermittent);
}
