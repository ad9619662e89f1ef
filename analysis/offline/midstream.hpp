#pragma once
// Connections that were made and then died.

#include <optional>

#include "analysis/model/verdict.hpp"
#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// The last that ended so, on which the verdict is; null where none was kept.
[[nodiscard]] const Attempt* example_of(const std::vector<Attempt>& sample, Outcome outcome);

/// A verdict without caveats when the target's attempts ended so (`closed_early` by a RST after the
/// service spoke or the client asked, `silent_service` because data was never acknowledged or a
/// request never answered); absent otherwise. `horizon`: the capture saw everything up to then.
[[nodiscard]] std::optional<Verdict> midstream(const Target& target,
                                               const std::vector<Attempt>& sample, Outcome outcome,
                                               TimePoint horizon);

}  // namespace hopblame::offline
