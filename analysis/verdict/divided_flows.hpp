#pragma once
// The flows that are turned away, judged as if only they had been asked: who turns them away, and
// where.

#include <string>

#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Who gets through: certain flows, or who comes first.
enum class Decides : std::uint8_t { way, time };

/// `flows`: those to judge. `why`: what they have in common, as evidence of each explanation.
[[nodiscard]] std::optional<Finding> judge_flows(const Case& the_case,
                                                 const std::vector<PortFlow>& flows,
                                                 const Contrast& contrast, const std::string& why,
                                                 Decides decides = Decides::way);

}  // namespace hopblame
