#pragma once
// What a second capture that was taken on the way shows of an attempt.

#include "analysis/compare/comparison.hpp"
#include "analysis/compare/seen_again.hpp"

namespace hopblame::compare {

/// Who sent what the second capture shows stands there, or farther on. `syns`: frames of those that
/// go on from there.
void tell_midway(AttemptFinding& finding, const Forwarding& forwarding,
                 const std::set<std::uint64_t>& syns);

}  // namespace hopblame::compare
