#pragma once
// What a reader of the comparison has to keep in mind.

#include "analysis/compare/comparison.hpp"
#include "analysis/model/verdict.hpp"

namespace hopblame::compare {

/// `best`: the attempt that the verdict is about; null: there is none.
[[nodiscard]] std::vector<Caveat> caveats_of(const Comparison& comparison, const Side& client,
                                             const Side& server, const Endpoint& target,
                                             const AttemptFinding* best, const Analysis& alone);

/// The finding rests on packets that are missing in a capture, and nothing in that capture shows
/// that a filter did not leave them out.
[[nodiscard]] bool filter_fits(const AttemptFinding& finding, const Comparison& comparison);

}  // namespace hopblame::compare
