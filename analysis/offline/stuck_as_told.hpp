#pragma once
// A connection on which nothing gets through, where messages of devices on the way say why: they do
// not pass its packets on, or say that these are too big.

#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// Nothing where no message tells.
[[nodiscard]] std::optional<Verdict> stuck_as_told(const Attempt& attempt);

}  // namespace hopblame::offline
