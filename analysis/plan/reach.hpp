#pragma once
// Which probes may reach the target: it is asked with more restraint than routers are.

#include "analysis/plan/state.hpp"

namespace hopblame {

/// The least hop limit that may: one past the last hop that let anything pass, or farther, where
/// routers keep silent and the way back of the host's answers tells.
[[nodiscard]] HopLimit reach_of(const State& state);

}  // namespace hopblame
