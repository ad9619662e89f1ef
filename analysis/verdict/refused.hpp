#pragma once
// A RST answers the SYN. Its source address is always the destination's, so the address says
// nothing: place, traffic class and numbers do.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_refused(const Case& the_case);

}  // namespace hopblame
