#pragma once
// Connections that were made and then died.

#include <optional>

#include "analysis/model/verdict.hpp"
#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// A verdict without caveats when the target's attempts ended so (`closed_early` by a RST after the
/// service spoke, `silent_service` because data was never acknowledged); absent otherwise.
[[nodiscard]] std::optional<Verdict> midstream(const Target& target,
                                               const std::vector<Attempt>& sample, Outcome outcome);

}  // namespace hopblame::offline
