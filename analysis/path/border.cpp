#include "analysis/path/border.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/model/level.hpp"

namespace hopblame {

std::optional<std::uint8_t> first_loss(const Walk& target, const Walk& control, TimePoint until) {
  for (const auto& [hop, step] : target.steps) {
    if (hop >= full_hop_limit.value) break;
    const bool answers = control.time_exceeded_at(hop) || target.time_exceeded_at(hop);
    if (answers && asked_between(target, hop, hop, until).lost > 0 &&
        asked_between(control, hop, hop, until).lost == 0)
      return hop;
  }
  return {};
}

namespace {

/// That at least as many are answered, where each is with this `share`.
double chance_of_so_many(const DueAnswers& asked, double share) {
  if (share <= 0) return asked.lost == asked.due ? 1 : 0;
  double sum = 0, chance = std::pow(share, asked.due);  // of losing just `lost`
  for (unsigned lost = 0; lost <= asked.lost; ++lost) {
    sum += chance;
    chance *= (1 - share) / share * (asked.due - lost) / (lost + 1);
  }
  return sum;
}

}  // namespace

std::uint8_t nearest_place_of_rule(std::uint8_t begin, double share,
                                   const std::function<DueAnswers(std::uint8_t)>& asked_at) {
  double luck = 1;  // at the hops that lost none, together
  auto first = static_cast<std::uint8_t>(std::max(1, begin - 1));
  for (; first > 1; --first) {
    const auto at = asked_at(first);
    const auto chance = chance_of_so_many(at, share);
    if (at.lost == 0) luck *= chance;
    if (std::min(luck, chance) < level::nearer) break;
  }
  return first;
}

}  // namespace hopblame
