#pragma once
// What lies below IP: link headers, tags and labels are taken off until an IP or ARP packet is
// found. A loop of at most 8 headers, so a packet made of 65 000 tags costs no more than another.
// Headers as in www.tcpdump.org/linktypes.html.

#include "capture/cursor.hpp"

namespace hopblame {

enum class Network : std::uint8_t { none, ipv4, ipv6, arp };

struct Unwrapped {
  Network network = Network::none;
  Bytes packet;          ///< from the first byte of the IP or ARP header
  const char* why = "";  ///< when `network` is none: a fixed text
};

[[nodiscard]] Unwrapped unwrap(int link_type, Bytes frame) noexcept;

}  // namespace hopblame
