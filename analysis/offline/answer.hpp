#pragma once
// A packet as the answer to an attempt.

#include "analysis/offline/trail.hpp"

namespace hopblame::offline {

/// Time exceeded in transit is told from every other error.
[[nodiscard]] ReplyKind kind_of(const SeenError& error, Family family);

[[nodiscard]] Answer answer_of_segment(const Sighting& seen);
[[nodiscard]] Answer answer_from_elsewhere(const Sighting& seen);
[[nodiscard]] Answer answer_of_error(const Sighting& seen);
/// About a packet of the server.
[[nodiscard]] Answer answer_to_server(const Sighting& seen);
[[nodiscard]] Answer answer_of_echo(const Sighting& seen);

/// As answers() of the correlator, and what others ask: data in a SYN, scans without an ACK.
[[nodiscard]] bool answers(const SeenSegment& segment, const Trail& trail);

}  // namespace hopblame::offline
