#pragma once
// Is the answer always the same? Over a few SYNs on new flows a rate limit, a ban, a path that
// divides and plain loss leave different patterns.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Some of the same probes are answered, some not, or differently, and chance does not explain it.
[[nodiscard]] std::optional<Finding> judge_unsteady(const Case& the_case);

}  // namespace hopblame
