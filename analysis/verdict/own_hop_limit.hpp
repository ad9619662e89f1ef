#pragma once
// This machine gives the packets of its programs too few hops to get there; our probes, which have
// their own hop limit, do get there.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// For a run of ours.
[[nodiscard]] std::optional<Finding> judge_own_hop_limit(const Case& the_case);

}  // namespace hopblame
