#pragma once
// Our own connections may be why others are refused.

#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// The service takes one connection at a time, and one of ours held it; at the place of the first
/// of `found`, and as good as that. Nothing where the order of answers contradicts it.
[[nodiscard]] std::optional<Explanation> takes_one_at_a_time(const Case& the_case,
                                                             const Contrast& contrast,
                                                             const std::vector<Explanation>& found);

}  // namespace hopblame
