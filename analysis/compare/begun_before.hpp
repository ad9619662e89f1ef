#pragma once
// Connections that were made before the captures began, and died while they ran.

#include <optional>

#include "analysis/compare/finding.hpp"

namespace hopblame::compare {

/// Absent: it lives, or ended as connections do, or could not be known again at the server.
/// `others`: the server's capture shows connections that may be this one, rewritten.
[[nodiscard]] std::optional<AttemptFinding> died(const Attempt& attempt, bool others);

}  // namespace hopblame::compare
