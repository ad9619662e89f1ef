#pragma once
// An IP packet, or one quoted by ICMP, without its addresses and payload.

#include "capture/redact/room.hpp"

namespace hopblame {

/// `packet` begins with an IP header; what cannot be read as one is blanked.
void redact_ip(Family family, Room packet, const Scrambler& scrambler);

/// As redact_ip, but the lengths in the header are not believed: many that quote rewrite them.
void redact_quote(Family family, Room packet, const Scrambler& scrambler);

}  // namespace hopblame
