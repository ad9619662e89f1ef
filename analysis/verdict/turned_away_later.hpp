#pragma once
// The first connections to a port got through, and later ones were turned away, or the other way
// round: who counts them, who stopped or started meanwhile.

#include <string>

#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Accepted first, turned away later: who counts connections may do it, and so may whoever decides
/// by the flow.
[[nodiscard]] std::optional<Finding> judge_turned_away(const Case& the_case,
                                                       const Contrast& contrast,
                                                       const std::string& why);

}  // namespace hopblame
