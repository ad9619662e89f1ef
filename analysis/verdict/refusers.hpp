#pragma once
// Nothing gets through, and flows to one port are turned away by different senders: each has a
// fault of its own.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_refusers(const Case& the_case);

}  // namespace hopblame
