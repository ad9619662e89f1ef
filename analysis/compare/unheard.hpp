#pragma once
// Bytes that one end sends again and again because it hears no acknowledgment: did they arrive, and
// did an acknowledgment leave?

#include <optional>

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

[[nodiscard]] std::optional<AttemptFinding> unheard(const Attempt& attempt, const Telling& tell);

/// The client says the same again and again, and never hears that it came.
[[nodiscard]] bool is_left_alone(const Call& client);

}  // namespace hopblame::compare
