#pragma once
// A rule that looks at the hop limit: SYNs with just enough hops reach the host, and all those with
// as many as stacks give do not. What the application meets is the latter.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_by_hop_limit(const Case& the_case);

}  // namespace hopblame
