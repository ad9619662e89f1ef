#pragma once
// Answers to connect() that reach this machine, and its stack does not take them for what they are.

#include <optional>

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// SYN/ACKs or RSTs with a wrong TCP checksum, or SYN/ACKs that the stack itself resets: what is
/// wrong with them happened before they came here. Absent where connect() got any other.
[[nodiscard]] std::optional<Finding> judge_spoiled(const Case& the_case);

/// The answers of `owner`, as `what` shows.
[[nodiscard]] Explanation spoiled_on_the_way(const Where& where, const IpAddress& owner,
                                             Evidence what);

}  // namespace hopblame
