#pragma once
// Marked SYNs and ordinary ones fare differently: what an application lives through is told by the
// ordinary ones alone.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_by_form(const Case& the_case);

/// What the two kinds met, in a sentence; empty where they did not differ.
[[nodiscard]] std::optional<Evidence> told_by_form(const Case& the_case);

}  // namespace hopblame
