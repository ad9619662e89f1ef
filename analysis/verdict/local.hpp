#pragma once
// Faults of this very machine on the way out: the packets never left.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// No route, interface down, a rule on the way out, a neighbour that does not answer ARP or ND.
[[nodiscard]] std::optional<Finding> judge_departure(const Case& the_case);

}  // namespace hopblame
