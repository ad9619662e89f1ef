#pragma once
// Messages of devices on the way: they tell the sender of a packet that it does not pass.

#include "analysis/compare/comparison.hpp"
#include "analysis/compare/finding.hpp"
#include "analysis/compare/select.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

/// It ends what it is about: what it says of sizes is advice to a stack (RFC 1191), which then
/// sends smaller packets, and of a better router too.
[[nodiscard]] bool is_rejection(const IcmpError& error, Family family);

/// To the sender of what goes `way`, not from whom that was for, and not before `since`. Null:
/// there is none.
[[nodiscard]] const Observation* rejection_of(const Journeys& journeys, Way way,
                                              TimePoint since = TimePoint::min());

/// A message that both captures show is not of the server, but of a router between, or where the
/// second was taken.
[[nodiscard]] bool is_of_router(const Attempt& attempt, const Journey& message);
[[nodiscard]] AttemptFinding rejected_beyond(const Telling& tell, Outcome outcome,
                                             const Journey& message);

/// Says in a finding about lost packets who rejects them.
void tell_rejection(AttemptFinding& finding, const Observation& message, Way way);

/// The same of a router's word that they are too big for the link behind it (RFC 1191, RFC 8201),
/// where their sender goes on sending them as large.
void tell_too_big(AttemptFinding& finding, const Journeys& journeys, const Journeys& lost);

/// What the message stands for: a rule, a route or a neighbour that is not there.
[[nodiscard]] Mechanism mechanism_of(const Observation& message);

}  // namespace hopblame::compare
