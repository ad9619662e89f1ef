#include "analysis/path/met_nearer.hpp"

#include <algorithm>

#include "analysis/path/rejection.hpp"

namespace hopblame {

std::uint8_t met_nearer(const Walk& target, const Walk& control, std::uint8_t met_at) {
  const auto& answer = *control.steps.at(met_at).ends.front();
  const auto alike = [&](const Reply* reply) {
    return is_rejection(*reply) && reply->from == answer.from &&
           reply->hop_limit == answer.hop_limit;
  };
  auto nearest = met_at;
  for (auto hop = static_cast<std::uint8_t>(met_at - 1); hop > 0; --hop) {
    if (target.time_exceeded_at(hop) || control.time_exceeded_at(hop)) break;
    const auto step = target.steps.find(hop);
    if (step != target.steps.end() && std::ranges::any_of(step->second.ends, alike)) nearest = hop;
  }
  return nearest;
}

}  // namespace hopblame
