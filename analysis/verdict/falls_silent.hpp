#pragma once
// The connection was made and stands, but what ought to come does not, or what we say does not
// arrive.

#include "analysis/verdict/accepted_case.hpp"

namespace hopblame {

[[nodiscard]] Evidence missing_greeting(const Case& the_case);
/// Nothing came at all, or not the beginning of it.
[[nodiscard]] Finding never_spoke(const Case& the_case, const Accepted& accepted);
/// Line after line, and never the identification.
[[nodiscard]] std::optional<Finding> lines_without_end(const Case& the_case,
                                                       const Accepted& accepted);
/// The identification began, and its line never ended.
[[nodiscard]] std::optional<Finding> line_without_end(const Case& the_case,
                                                      const Accepted& accepted);
/// The greeting came; then our words, or the answer to them, did not arrive.
[[nodiscard]] std::optional<Finding> stalled(const Case& the_case, const Accepted& accepted);

}  // namespace hopblame
