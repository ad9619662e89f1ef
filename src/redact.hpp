#pragma once
// --redact: a run that tells the same story of other addresses. The verdict is made from the
// redacted run, so nothing of the original can reach a report.

#include "capture/redact/scrambler.hpp"
#include "src/recorded.hpp"

namespace hopblame {

/// False, and said so, in a build without AES.
[[nodiscard]] bool can_redact();

/// Packets, journal, names; the packets are numbered anew from 1.
void redact(Recorded& recorded, const Scrambler& scrambler);

/// With a key of this moment, which is then forgotten.
void redact(Recorded& recorded);

}  // namespace hopblame
