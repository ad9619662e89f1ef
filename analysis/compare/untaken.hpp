#pragma once
// A host that goes on as if what arrived at it had not: its own rules keep it from the stack.

#include <optional>

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

/// What one end says is acknowledged, the acknowledgment is in that end's own capture, and it says
/// the same again and again. With the host's own ICMP message about it, where there is one.
[[nodiscard]] std::optional<AttemptFinding> untaken(const Attempt& attempt, const Telling& tell);

}  // namespace hopblame::compare
