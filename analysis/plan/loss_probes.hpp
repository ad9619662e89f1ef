#pragma once
// Probes that show loss by chance: whoever uses an open port wants to know of it.

#include "analysis/plan/state.hpp"

namespace hopblame {

/// On how many new flows to ask the control port.
[[nodiscard]] std::uint8_t flows_to_see_loss(const Situation& situation, const State& state);

}  // namespace hopblame
