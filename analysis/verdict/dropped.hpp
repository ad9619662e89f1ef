#pragma once
// No answer where one was due. Silence never has one name: everything that fits is listed.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_dropped(const Case& the_case);

}  // namespace hopblame
