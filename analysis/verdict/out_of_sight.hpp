#pragma once
// connect() lived through something that the packets do not show: it went, or was answered, where
// the capture does not look, or this machine decided by itself. Then its own result counts.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_out_of_sight(const Case& the_case);

}  // namespace hopblame
