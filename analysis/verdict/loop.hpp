#pragma once
// Time exceeded answers a SYN of full length: it went round until its hop limit was spent.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_loop(const Case& the_case);

}  // namespace hopblame
