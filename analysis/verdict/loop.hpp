#pragma once
// Time exceeded answers a SYN of full length: it went round until its hop limit was spent.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Some SYNs to the port go round, and others get there: of several ways some loop.
[[nodiscard]] std::optional<Finding> judge_loop_on_some_ways(const Case& the_case);
[[nodiscard]] std::optional<Finding> judge_loop(const Case& the_case);

}  // namespace hopblame
