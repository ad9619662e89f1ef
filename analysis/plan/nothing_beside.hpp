#pragma once
// A RST is all that was heard of the host: who sent it may be near, and the host far.

#include "analysis/plan/state.hpp"

namespace hopblame {

/// Until when something else of the host is waited for. Absent once it is heard; then nothing but
/// the round trips measured tells how long.
[[nodiscard]] std::optional<TimePoint> host_due(const Situation& situation, const State& state);

}  // namespace hopblame
