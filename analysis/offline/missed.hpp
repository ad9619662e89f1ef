#pragma once
// Answers that a capture missed: mirror ports and busy machines lose packets now and then.

#include <optional>

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// A target whose attempts all fare alike but for a few single SYNs, each alone among the others,
/// that their stack did not repeat: as if these had told nothing.
[[nodiscard]] std::optional<Target> without_missed(const Target& target,
                                                   const std::vector<Attempt>& sample);

/// Of the target as it was counted.
[[nodiscard]] Caveat of_missed(const Target& target);

}  // namespace hopblame::offline
