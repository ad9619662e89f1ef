// A verdict is a function of the run alone: asked twice it is the same, and packets that arrived at
// the same moment may have been captured in either order.

#include <algorithm>

#include "analysis/analyse.hpp"
#include "tests/properties/check.hpp"
#include "tests/properties/random_network.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

sim::Session session_of(std::uint64_t seed) {
  const auto network = random_network(seed, 0.1);
  sim::SessionOptions options;
  options.seed = seed;
  return sim::probe(sim::parse_scenario(network.text, network.family), options);
}

/// The same run with the received packets of each moment in reverse order.
Run ties_turned(Run run, const IpAddress& client) {
  std::vector<Observation*> tie;
  const auto turn = [&] {
    for (std::size_t i = 0; i < tie.size() / 2; ++i) std::swap(*tie[i], *tie[tie.size() - 1 - i]);
    tie.clear();
  };
  for (auto& seen : run.observations) {
    if (!tie.empty() && tie.front()->at != seen.at) turn();
    if (seen.flow.source.address != client) tie.push_back(&seen);
  }
  turn();
  std::uint64_t frame = 0;
  for (auto& seen : run.observations) seen.frame = {++frame};
  return run;
}

}  // namespace

TEST_CASE("asked twice, the same answer", "[replay]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto session = session_of(seed);
    INFO("seed " << seed << "\n" << history(session));
    CHECK(analyse(session.run) == analyse(session.run));
    CHECK(session.run.observations == session_of(seed).run.observations);
  }
}

TEST_CASE("the order within a tie does not matter", "[replay]") {
  unsigned with_ties = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    const auto session = session_of(seed);
    const auto turned = ties_turned(session.run, session.scenario.client.address);
    INFO("seed " << seed << "\n" << history(session));
    CHECK(in_short(analyse(session.run).verdict) == in_short(analyse(turned).verdict));
    with_ties += turned.observations != session.run.observations;
  }
  CHECK(with_ties > 500);
}

TEST_CASE("packets without our journal never make a verdict certain and wrong", "[replay]") {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const auto network = random_network(seed, 0.1);
    auto run = session_of(seed).run;
    run.sends.clear();
    run.connect.reset();
    const auto verdict = analyse(run).verdict;
    INFO("seed " << seed << " " << in_short(verdict));
    const bool right = std::ranges::any_of(
        network.hops, [&](unsigned hop) { return !certain_and_wrong(verdict, hop); });
    CHECK((right || network.works));
  }
}
