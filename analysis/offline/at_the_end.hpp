#pragma once
// The end of the capture comes amid something: a SYN was just asked, or a silence has just begun.

#include "analysis/offline/inspect.hpp"

namespace hopblame::offline {

/// The last attempt is undecided, and the verdict is on those before it.
[[nodiscard]] std::optional<Caveat> undecided_at_end(const Capture& capture, const Target& target,
                                                     const std::vector<Attempt>& sample);

}  // namespace hopblame::offline
