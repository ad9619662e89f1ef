#pragma once
// The first SYN of every connection is dropped, its repetition passes.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// The one that may do it, where the packets have it so; as good as `like`, and there.
[[nodiscard]] std::optional<Explanation> drops_first(const Case& the_case, const Explanation& like);

/// Every connection is made, only late: the port is open.
[[nodiscard]] std::optional<Finding> judge_open_late(const Case& the_case, const Explanation& like);

}  // namespace hopblame
