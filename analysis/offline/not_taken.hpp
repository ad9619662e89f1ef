#pragma once
// Answers that reach the client and that no stack takes: with a wrong TCP checksum, or in frames to
// another machine.

#include <span>

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"
#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {

/// Of an attempt whose client asks on after each answer. `near`: no router stands between the
/// client and the place of the capture. Absent where nothing is known to be wrong with the answers.
/// `arrivals`: what else came; so the capture shows checksums as they were, and those are the
/// client's hardware addresses.
[[nodiscard]] std::optional<Verdict> not_taken(const Attempt& attempt,
                                               std::span<const Arrival> arrivals, bool near);

}  // namespace hopblame::offline
