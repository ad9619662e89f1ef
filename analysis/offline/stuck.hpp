#pragma once
// An established connection on which nothing gets through any more: of the client's data, of the
// server's, or because the server's program takes nothing.

#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

inline constexpr unsigned stuck_times = 3;  ///< repetitions of data that are no chance loss

[[nodiscard]] bool is_stuck(const Attempt& attempt);

/// What was repeated in vain fits every path: its size is no reason.
[[nodiscard]] bool is_small_lost(const Attempt& attempt);

[[nodiscard]] Verdict stuck_verdict(const Attempt& attempt);

}  // namespace hopblame::offline
