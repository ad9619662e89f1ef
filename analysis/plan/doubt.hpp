#pragma once
// Some SYNs are answered and some are not: is it chance, a limit, or a ban? More flows tell.

#include "analysis/plan/state.hpp"

namespace hopblame {

/// On how many new flows to ask in all.
[[nodiscard]] std::uint8_t flows_against_doubt(const Situation& situation, const State& state);

}  // namespace hopblame
