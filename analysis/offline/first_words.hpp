#pragma once
// What the server says first on a connection, and whether the client had it: a gap before it, a
// number that tells of words which never came.

#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

/// What was missing came.
void fill_gap(const Trails& trails, Trail& trail, const SeenSegment& segment);

/// Or the client has it, although the capture does not show it; or it says that it has not. Where
/// no word is known of, one more may be the server's FIN.
void note_hearing(Trails& trails, Trail& trail, const SeenSegment& segment);

/// The number of a packet without words tells that some were sent before it (one more may be a
/// FIN), and the client, which is done, never acknowledged any.
void note_lost_words(Trails& trails, Trail& trail, const Sighting& seen);

/// `anew`: more than it had said.
void hear(Trails& trails, Trail& trail, const Sighting& seen, bool anew);

/// Its words met a RST of a client that had ended the connection before, and never acknowledged
/// them: nobody heard them.
void forget_late_words(const Trails& trails, Trail& trail);

}  // namespace hopblame::offline
