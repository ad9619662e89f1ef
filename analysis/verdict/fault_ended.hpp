#pragma once
// No SYN was answered at first, and every one from some moment on: the fault ended while we asked.

#include "analysis/verdict/case.hpp"
#include "analysis/verdict/tries.hpp"

namespace hopblame {

/// What the silence before that moment fits. A limit lets the first ones through, unless others had
/// used it up: `limit` is what it would be then.
[[nodiscard]] std::optional<Finding> judge_fault_ended(const Case& the_case,
                                                       const std::vector<Try>& tries,
                                                       const Explanation& limit);

}  // namespace hopblame
