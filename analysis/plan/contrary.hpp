#pragma once
// The same SYN on another flow fares otherwise: what must be asked to tell a path that divides from
// a limit and from chance, and to find the place on that flow's own path.

#include "analysis/plan/state.hpp"
#include "analysis/plan/wants.hpp"

namespace hopblame {

/// Nothing, as long as all flows to the port fare alike.
[[nodiscard]] std::vector<Want> contrary(const Situation& situation, const State& state);

/// They do not, and it is not yet known to be something else than a path that divides.
[[nodiscard]] bool may_be_by_flow(const Situation& situation, const State& state);

}  // namespace hopblame
