// Chance loss that strikes pings as well.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

const std::array<std::uint8_t, 8> fates{0, 1, 0, 1, 1, 0, 1, 0};  // of pings: lost or answered

void ping(Scene& scene, Duration at, std::uint16_t number, bool answered) {
  const Flow there{Transport::icmp, {client, 0}, {server, 0}};
  scene.see(at, there, 64, IcmpEcho{false, 7, number});
  if (answered) scene.see(at + 1ms, there.reversed(), 61, IcmpEcho{true, 7, number});
}

void pings(Scene& scene, Duration at, bool lossy) {
  const auto number = static_cast<std::uint16_t>(at / 1s);
  ping(scene, at + 100ms, number, !lossy || fates.at(number % fates.size()) == 1);
}

/// Some get through at once, some when they ask again, some not at all.
void attempts(Scene& scene, bool lossy) {
  for (int second = 0; second < 16; ++second) {
    const auto port = static_cast<std::uint16_t>(second);
    const auto at = second * 1s;
    pings(scene, at, lossy);
    switch (second % 4) {
      case 0: scene.connect(at + 200ms, port); break;
      case 1: scene.ask(at + 200ms, port); break;
      case 2:
        scene.ask(at + 200ms, static_cast<std::uint16_t>(port - 1));
        scene.ask(at + 300ms, port);
        break;
      default: scene.connect(at + 300ms, static_cast<std::uint16_t>(port - 1)); break;
    }
  }
  ping(scene, 30s, 30, true);
}

}  // namespace

TEST_CASE("SYNs that get lost as pings do are lost by chance") {
  Scene scene;
  const bool lossy = GENERATE(true, false);
  attempts(scene, lossy);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::intermittent);
  CHECK((verdict.explanations.front().mechanism == Mechanism::path_loss) == lossy);
  if (!lossy) return;
  for (const auto& other : verdict.explanations)
    CHECK((other.rank == 1) == (other.mechanism == Mechanism::path_loss));
}

TEST_CASE("a port that never answers is no chance, however many pings get lost") {
  Scene scene;
  for (int second = 0; second < 16; ++second) {
    pings(scene, second * 1s, true);
    scene.ask(second * 1s + 200ms, static_cast<std::uint16_t>(second / 4 + 1));
  }
  ping(scene, 30s, 30, true);
  CHECK_FALSE(lists(scene.verdict().verdict.explanations, Mechanism::path_loss));
}
