#pragma once
// A SYN/ACK answers the SYN: what happened after the handshake.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_accepted(const Case& the_case);

}  // namespace hopblame
