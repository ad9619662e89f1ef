#pragma once
// What the path itself showed, beside the verdict.

#include <vector>

#include "analysis/verdict/case.hpp"

namespace hopblame {

void add_path_caveats(std::vector<Caveat>& caveats, const Case& the_case, const Finding& finding);

}  // namespace hopblame
