#pragma once
// Which of the attempts the verdict is about.

#include "analysis/compare/comparison.hpp"

namespace hopblame::compare {

/// What both captures show of it is enough to say something.
[[nodiscard]] bool tells(const AttemptFinding& attempt);
[[nodiscard]] bool failed(const AttemptFinding& attempt);

/// The client lived through a failure, and the other capture was not there to see why.
[[nodiscard]] bool failed_unwatched(const AttemptFinding& attempt);

/// The last good one where it works again. Else the finding of most failed attempts, where they
/// changed once for another end of those since; of those the first attempt. Else one that failed
/// unwatched, else one that tells, else any.
[[nodiscard]] std::optional<std::size_t> decisive(const std::vector<AttemptFinding>& attempts);

}  // namespace hopblame::compare
