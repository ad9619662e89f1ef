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

std::uint8_t nearest_place_of_rule(std::uint8_t begin, double share,
                                   const std::function<DueAnswers(std::uint8_t)>& asked_at) {
  double luck = 1;
  auto first = static_cast<std::uint8_t>(std::max(1, begin - 1));
  for (; first > 1; --first) {
    const auto at = asked_at(first);
    luck *= std::pow(share, at.due - at.lost);
    if (luck < level::nearer) break;
  }
  return first;
}

}  // namespace hopblame
