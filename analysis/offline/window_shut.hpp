#pragma once
// The peer is there and answers, and takes nothing: its window is 0.

#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// Of a stuck connection: whatever the client asks, a window of 0 comes back, and nothing is lost
/// on the way.
[[nodiscard]] bool is_window_shut(const Attempt& attempt);
[[nodiscard]] Verdict shut_verdict(const Attempt& attempt);

}  // namespace hopblame::offline
