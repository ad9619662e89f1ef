#include "analysis/plan/reach.hpp"

#include <algorithm>

#include "analysis/path/odd_limits.hpp"

namespace hopblame {
namespace {

/// As far as the way back of the host's answers tells, where routers keep silent.
int reach_by_way_back(const State& state) {
  const auto* answer = state.control_end ? state.control_end : state.first_end;
  if (!answer || !answer->segment) return 0;
  int nearest = likely_distance(answer->hop_limit);
  for (const auto* walk : {&state.target, &state.control})
    if (const auto end = walk->first_end()) nearest = std::min<int>(nearest, *end);
  return nearest;
}

}  // namespace

HopLimit reach_of(const State& state) {
  return {static_cast<std::uint8_t>(std::max(state.last_passed() + 1, reach_by_way_back(state)))};
}

}  // namespace hopblame
