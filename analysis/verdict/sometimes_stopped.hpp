#pragma once
// The port is open, and yet this machine refuses to send some of the SYNs to it: what its programs
// meet now and then is a rule of its own.

#include <optional>

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_sometimes_stopped(const Case& the_case);

}  // namespace hopblame
