// A router that lets so many new connections a second through, whatever their port, and loss at
// random, which looks the same in numbers and not in time.

#include <fmt/format.h>

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

Verdict verdict_of(const Chain& chain, Family family, std::uint64_t seed) {
  sim::SessionOptions options;
  options.seed = seed;
  const auto session = sim::probe(sim::parse_scenario(text_of(chain), family), options);
  CHECK(session.done);
  return analyse(session.run).verdict;
}

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

}  // namespace

TEST_CASE("a limit on all TCP of a router is no loss at random", "[corner]") {
  const auto family = each_family();
  for (const auto& rate : {"1", "2", "3"})
    for (const unsigned hops : {3u, 4u, 7u}) {
      Chain chain;
      chain.hops = hops;
      chain.round_trip_ms = 2;
      chain.fault_hop = 2;
      chain.fault = fmt::format("forward drop tcp syn over {}", rate);
      const auto verdict = verdict_of(chain, family, hops);
      INFO(rate << " a second, " << hops << " hops: " << in_short(verdict));
      CHECK(verdict.outcome == Outcome::intermittent);
      CHECK(lists(verdict, Mechanism::rate_limit));
      CHECK(holds(verdict.culprit.where, 2));
      CHECK(verdict.culprit.confidence == Confidence::weak);
      REQUIRE_FALSE(verdict.explanations.empty());
      CHECK_FALSE(verdict.explanations.front().because.front().packets.empty());
    }
}

TEST_CASE("loss at random is no limit on all TCP", "[corner]") {
  const auto family = each_family();
  for (const auto loss : {10, 30, 50})
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
      Chain chain;
      chain.fault_hop = 2;
      chain.fault = fmt::format("loss {}%", loss);
      const auto verdict = verdict_of(chain, family, seed);
      INFO(loss << " %, seed " << seed << ": " << in_short(verdict));
      CHECK_FALSE(
          (verdict.outcome == Outcome::intermittent && lists(verdict, Mechanism::path_loss)));
    }
}
