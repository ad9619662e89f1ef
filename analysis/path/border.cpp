#include "analysis/path/border.hpp"

#include "analysis/path/loss.hpp"

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

}  // namespace hopblame
