#include "analysis/path/branching.hpp"

#include <set>

namespace hopblame {

std::optional<std::uint8_t> branches_at(const Walk& target, const Walk& control) {
  for (const auto& [distance, step] : target.steps) {
    std::set<IpAddress> answered;
    for (const auto* reply : step.time_exceeded) answered.insert(reply->from);
    if (const auto same = control.steps.find(distance); same != control.steps.end())
      for (const auto* reply : same->second.time_exceeded) answered.insert(reply->from);
    if (answered.size() > 1 && distance < full_hop_limit.value) return distance;
  }
  return {};
}

}  // namespace hopblame
