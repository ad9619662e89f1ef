#pragma once
// A rule turns away SYNs with few hops left, which only a walk of the path sends: programs get
// through. The reverse is by_hop_limit.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_by_few_hops(const Case& the_case);

/// As it left. Programs send so many that all of them count as of full length.
[[nodiscard]] std::uint8_t hops_given(const Exchange* syn);

/// Which hop limits are turned away, in a sentence; empty where it is not so.
[[nodiscard]] std::optional<Evidence> told_by_few_hops(const Case& the_case);

}  // namespace hopblame
