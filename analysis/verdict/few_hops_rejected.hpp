#pragma once
// SYNs that would die on the way meet a rule that rejects them, as one against tracing does. Those
// of full length, a program's too, get no answer at all: that is what the port is like.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_few_hops_rejected(const Case& the_case);
/// The same in words.
[[nodiscard]] std::optional<Evidence> told_by_few_rejected(const Case& the_case);

}  // namespace hopblame
