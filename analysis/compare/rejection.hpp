#pragma once
// Messages of devices on the way: they tell the sender of a packet that it does not pass.

#include "analysis/compare/comparison.hpp"
#include "analysis/compare/select.hpp"

namespace hopblame::compare {

/// To the sender of what goes `way`, and not from whom that was for. Null: there is none.
[[nodiscard]] const Observation* rejection_of(const Journeys& journeys, Way way);

/// Says in a finding about lost packets who rejects them.
void tell_rejection(AttemptFinding& finding, const Observation& message, Way way);

}  // namespace hopblame::compare
