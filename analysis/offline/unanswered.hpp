#pragma once
// A connection on which the client asked, was acknowledged, and got no answer.

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// Its outcome is that it is silent, and nobody repeated anything.
[[nodiscard]] bool is_unanswered(const Attempt& attempt);
/// The beginning of the answer never came, what follows it did.
[[nodiscard]] Verdict gap_verdict(const Attempt& attempt, TimePoint horizon);
/// `horizon`: the capture saw everything up to then.
[[nodiscard]] Verdict unanswered_verdict(const Attempt& attempt, TimePoint horizon);

}  // namespace hopblame::offline
