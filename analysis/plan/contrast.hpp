#pragma once
// The contrast probes: other segments to the same port, the same segment to another port, the host
// itself. What differs between their answers names the mechanism.

#include <vector>

#include "analysis/plan/state.hpp"
#include "analysis/plan/wants.hpp"

namespace hopblame {

[[nodiscard]] std::vector<Want> contrast(const Situation& situation, const State& state);

/// One of several equal paths may be dead, however many flows took it. They go last: nothing else
/// has to wait for them.
[[nodiscard]] std::vector<Want> more_flows_in_silence(const State& state);

}  // namespace hopblame
