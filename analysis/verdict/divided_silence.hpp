#pragma once
// Flows that keep silent while others to the same port are answered: what else may do that.

#include <vector>

#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// A host that keeps silent answers other flows, farther away. What else than SYNs passes was not
/// asked on this path.
void weigh_silence(const Case& the_case, const Contrast& contrast,
                   std::vector<Explanation>& explanations);

}  // namespace hopblame
