#pragma once
// A limit on all new connections, whatever their port: both ports lose SYNs, and not by chance.

#include <optional>

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// SYNs to both ports went unanswered, and when they did is no chance.
[[nodiscard]] bool loss_has_memory(const Case& the_case);

[[nodiscard]] std::optional<Finding> judge_limit_on_all(const Case& the_case);

}  // namespace hopblame
