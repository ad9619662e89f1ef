#pragma once
// Of a port that does not answer, or to which a router knows no way, what the host answers at that
// time tells that it is there. What it answered minutes before, or after, does not: it may have
// been off in between.

#include <optional>

#include "analysis/offline/exhibits.hpp"

namespace hopblame::offline {

/// The host's own answer, not that of a router to a probe that was to die on the way; null: none.
[[nodiscard]] const Reply* answer_of_host(const Exchange& exchange);

/// From a moment before the first of `client`'s SYNs that ended with `outcome` to a moment after
/// the last. Absent: there are none, or something is there.
[[nodiscard]] std::optional<Span> time_of_silence(const Target& target,
                                                  const std::vector<Attempt>& sample,
                                                  const IpAddress& client,
                                                  std::optional<Outcome> outcome);

/// Leaves out what the host answered at other times, and keeps note of the nearest.
void forget_other_times(Exhibits& exhibits, const Target& target, const Span& silence);

}  // namespace hopblame::offline
