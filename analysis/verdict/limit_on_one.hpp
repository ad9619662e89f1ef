#pragma once
// So many SYNs to this port and no more get through, more of them lost than of any others: a limit
// on it, as far as nothing else explains which.

#include "analysis/verdict/case.hpp"
#include "analysis/verdict/tries.hpp"

namespace hopblame {

/// `counted`: how many, and of what. `tries`: to the port.
[[nodiscard]] Finding limit_on_one(const Case& the_case, Evidence counted,
                                   const std::vector<Try>& tries);

}  // namespace hopblame
