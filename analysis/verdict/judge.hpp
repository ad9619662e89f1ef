#pragma once
// The verdict: the families of mechanisms in the order in which their evidence excludes the others,
// the culprit as the smallest interval that holds every explanation of rank 1, and the caveats.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] Finding find_cause(const Case& the_case);
[[nodiscard]] Culprit culprit_of(const Finding& finding);

}  // namespace hopblame
