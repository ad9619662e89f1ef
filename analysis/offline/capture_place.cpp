#include "analysis/offline/capture_place.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"

namespace hopblame::offline {

/// Every stack starts at 64, 128 or 255, and most tools do; those that choose at random stay below
/// 60 (nmap: 37 to 59).
bool tells_place(const Attempt& attempt) {
  constexpr std::uint8_t most_random = 59;
  const bool syn = attempt.exchange.spec.question.kind == ProbeKind::syn;
  if (!syn || attempt.unseen || attempt.joined) return false;
  return !is_limited(attempt) &&
         (attempt.by_stack || attempt.exchange.spec.question.hop_limit.value > most_random);
}

std::optional<HopLimit> midway(const std::vector<Attempt>& sample, const IpAddress& client) {
  std::optional<HopLimit> met;
  for (const auto& attempt : sample) {
    const auto limit = attempt.exchange.spec.question.hop_limit;
    if (!tells_place(attempt) || !is_of(attempt, client)) continue;
    if (std::ranges::find(initial_hop_limits, limit.value) != initial_hop_limits.end()) return {};
    if (met && *met != limit) return {};
    met = limit;
  }
  return met;
}

std::optional<HopLimit> place_of(const std::vector<Attempt>& sample, const IpAddress& client,
                                 std::optional<Outcome> outcome) {
  std::optional<HopLimit> place;
  for (const auto& attempt : sample)
    if (attempt.outcome == outcome && tells_place(attempt) && is_of(attempt, client))
      place = attempt.exchange.spec.question.hop_limit;
  return place;
}

bool is_elsewhere(const Attempt& attempt, std::optional<HopLimit> place) {
  return place && tells_place(attempt) && attempt.exchange.spec.question.hop_limit != *place;
}

}  // namespace hopblame::offline
