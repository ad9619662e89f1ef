#pragma once
// No answer reached the client: where it got lost, or that there was none.

#include "analysis/compare/asked.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

[[nodiscard]] AttemptFinding silence(const Attempt& attempt, const Asked& asked,
                                     const Telling& tell);

}  // namespace hopblame::compare
