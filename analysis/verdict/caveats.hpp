#pragma once
// What limits the verdict, and what else is worth knowing.

#include <vector>

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::vector<Caveat> caveats_of(const Case& the_case, const Finding& finding);

}  // namespace hopblame
