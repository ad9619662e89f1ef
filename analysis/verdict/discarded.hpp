#pragma once
// A router threw the SYN away and said so, with a message on which no stack gives up: the program
// waits in vain, and the sender is known.

#include "analysis/verdict/rejected.hpp"

namespace hopblame {

/// The first of these messages; absent where they decide nothing.
[[nodiscard]] std::optional<Rejection> deciding_discard(const Case& the_case);

[[nodiscard]] std::optional<Finding> judge_discarded(const Case& the_case);

}  // namespace hopblame
