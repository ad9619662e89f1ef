#pragma once
// MAC addresses in link headers and ARP.

#include "capture/redact/room.hpp"

namespace hopblame {

/// `header`: what stands before the IP or ARP packet.
void redact_link(int link_type, Room header, const Scrambler& scrambler);

void redact_arp(Room packet, const Scrambler& scrambler);

}  // namespace hopblame
