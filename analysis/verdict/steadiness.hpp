#pragma once
// Is the answer always the same? Over a few SYNs on new flows a rate limit, a ban, a path that
// divides and plain loss leave different patterns.

#include "analysis/verdict/case.hpp"

namespace hopblame {

struct Tally {
  unsigned asked = 0, accepted = 0, reset = 0, silent = 0;
};

/// The full-length SYNs of one aim, every try counted, the kernel's own included.
[[nodiscard]] Tally tally_of(const Case& the_case, Aim aim);

/// Some of the same probes are answered, some not, or differently, and chance does not explain it.
[[nodiscard]] std::optional<Finding> judge_unsteady(const Case& the_case);

}  // namespace hopblame
