#pragma once
// Something gives our probes, or the answers to them, a new hop limit: where, and what that hides.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Text> hop_limit_rewritten(const Case& the_case, const Finding& finding);

}  // namespace hopblame
