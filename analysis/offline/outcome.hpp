#pragma once
// How an attempt ended, for the counters.

#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

/// A client that waited so long and gave up did not just look whether the port is open.
inline constexpr Duration patience = std::chrono::seconds(3);

inline constexpr unsigned half_open_syn_acks = 3;  ///< of one SYN, over three seconds at least

/// What can only be said of a connection that was made: walks and scans show who accepts it, and no
/// more.
[[nodiscard]] inline bool is_later(std::optional<Outcome> outcome) {
  return outcome == Outcome::closed_early || outcome == Outcome::silent_service;
}

/// What an ICMP error makes of a connect(): `rejected`, `unreachable`, or nothing, because the
/// client's stack ignores it.
[[nodiscard]] std::optional<Outcome> outcome_of(Family family, const SeenError& error);

/// Absent for what is no attempt to connect (a step of a walk, a connection that was there before
/// the capture and did not die). `horizon`: the capture saw everything up to then.
[[nodiscard]] std::optional<Outcome> outcome_of(const Trails& trails, const Trail& trail,
                                                TimePoint horizon);

}  // namespace hopblame::offline
