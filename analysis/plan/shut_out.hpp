#pragma once
// A source that was answered and then no more: where do its packets end since?

#include <vector>

#include "analysis/plan/state.hpp"
#include "analysis/plan/wants.hpp"

namespace hopblame {

/// SYNs to the port that die at each hop before the host, on a flow that never got through: what
/// got through before may still. Nothing, while its silence need not be for good.
[[nodiscard]] std::vector<Want> walk_of_shut_out(const Situation& situation, const State& state);

}  // namespace hopblame
