#pragma once
// The walks: which hop limits to ask, on the target's flow and on the control flow.

#include <vector>

#include "analysis/plan/state.hpp"
#include "analysis/plan/wants.hpp"

namespace hopblame {

/// The SYNs with a limited hop count that are still worth sending, most urgent first.
[[nodiscard]] std::vector<Want> ladder(const Situation& situation, const State& state);

/// Time exceeded at full length: on until a router is met for the second time.
[[nodiscard]] int loop_top(const Walk& walk, int limit);

}  // namespace hopblame
