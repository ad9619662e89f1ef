#pragma once
// SYNs on new flows that die on the way: they spend nothing of what a limit on the port allows.

#include <vector>

#include "analysis/plan/state.hpp"
#include "analysis/plan/wants.hpp"

namespace hopblame {

/// To an open port: is there another path, with a rule on it?
[[nodiscard]] std::vector<Want> scouts(const Situation& situation, const State& state);

/// Some SYNs get no answer: is it before or beyond the first hop that loses any?
[[nodiscard]] std::vector<Want> border_scouts(const Situation& situation, const State& state);

}  // namespace hopblame
