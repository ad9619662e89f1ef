#pragma once
// After the handshake the same bytes leave one end again and again, and do not arrive at the other.

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

/// Data, the last step of the handshake, or what asks whether the other end is alive.
[[nodiscard]] std::optional<AttemptFinding> lost_data(const Attempt& attempt, const Telling& tell);
/// It is repeated in vain, but nobody looked at the other end.
[[nodiscard]] std::optional<AttemptFinding> unwatched_data(const Attempt& attempt,
                                                           const Telling& tell);

}  // namespace hopblame::compare
