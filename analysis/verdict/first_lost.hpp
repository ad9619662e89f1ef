#pragma once
// The first SYN of every connection is dropped, its repetition passes.

#include "analysis/verdict/case.hpp"
#include "analysis/verdict/tries.hpp"

namespace hopblame {

/// The one that may do it, where the packets have it so; as good as `like`, and there.
[[nodiscard]] std::optional<Explanation> drops_first(const Case& the_case, const Explanation& like);

/// Every connection is made, only late: the port is open.
[[nodiscard]] std::optional<Finding> judge_open_late(const Case& the_case, const Explanation& like);

/// Silence until `passed`, the first answer of all: that was to a SYN which connect() sent again
/// unchanged. Who wants that and lets its sender pass from then on looks so, as good as the first
/// of `found`, and there.
void add_wants_same_again(const Case& the_case, const Try& passed, std::vector<Explanation>& found);

}  // namespace hopblame
