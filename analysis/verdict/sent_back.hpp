#pragma once
// Our own packets come in again: the next device, or one behind it, sends them back to this
// machine.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_sent_back(const Case& the_case);

}  // namespace hopblame
