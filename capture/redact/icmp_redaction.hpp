#pragma once
// ICMP and ICMPv6 messages: quotes, redirects, neighbour discovery.

#include "capture/redact/room.hpp"

namespace hopblame {

/// The checksum is repaired for what changes within, not for the pseudo-header of ICMPv6.
/// `quoted`: the message is itself part of a quote, and an error in it is not looked into.
void redact_icmp(Family family, Room message, bool quoted, const Scrambler& scrambler);

}  // namespace hopblame
