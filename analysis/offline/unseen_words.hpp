#pragma once
// What a capture missed of a connection, as the numbers of its end tell: one direction, a packet
// that was not recorded in time, the ends of both sides recorded in the wrong order.

#include <optional>

#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

/// The server seems to have ended a connection without a word. Absent: as it seems. Else what may
/// be said of it: open, when it had spoken or the client was done first; inconclusive, when it had
/// heard more from the client than is shown.
[[nodiscard]] std::optional<Outcome> outcome_of_unseen_words(const Trails& trails,
                                                             const Trail& trail);

}  // namespace hopblame::offline
