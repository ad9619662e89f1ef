#include "capture/redact/link_redaction.hpp"

#include "capture/link_types.hpp"
#include "capture/pktap.hpp"

namespace hopblame {
namespace {

/// Eight bytes of room for an address of the length given.
void redact_cooked(Room header, std::size_t length, std::size_t at, const Scrambler& scrambler) {
  if (length != 6)
    return blank(from(header, at).first(std::min(header.size() - at, std::size_t{8})));
  scramble_mac(header, at, scrambler);
  blank(from(header, at + 6).first(2));
}

void redact_sll(Room header, const Scrambler& scrambler) {
  if (header.size() >= 16) redact_cooked(header, header[5], 6, scrambler);
}

void redact_sll2(Room header, const Scrambler& scrambler) {
  if (header.size() >= 20) redact_cooked(header, header[11], 12, scrambler);
}

/// Three addresses, and a fourth between two access points (IEEE 802.11 section 9.2.3).
void redact_wifi(Room header, const Scrambler& scrambler) {
  if (header.size() < 24) return blank(header);
  for (const std::size_t at : {4u, 10u, 16u}) scramble_mac(header, at, scrambler);
  if ((header[1] & 3) == 3) scramble_mac(header, 24, scrambler);
}

/// It names the interface and the program.
void redact_pktap(Room header, const Scrambler& scrambler) {
  constexpr std::size_t numbers = 12;
  const auto inner = pktap_frame(header);
  if (inner.why != nullptr || inner.link_type == link_pktap || inner.link_type == link_user2)
    return blank(header);
  blank(from(header, numbers).first(inner.header - numbers));
  redact_link(inner.link_type, from(header, inner.header), scrambler);
}

}  // namespace

void redact_link(int link_type, Room header, const Scrambler& scrambler) {
  switch (link_type) {
    case link_ethernet:
      scramble_mac(header, 0, scrambler);
      return scramble_mac(header, 6, scrambler);
    case link_sll: return redact_sll(header, scrambler);
    case link_sll2: return redact_sll2(header, scrambler);
    case link_wifi: return redact_wifi(header, scrambler);
    case link_radiotap:
      if (header.size() < 4) return blank(header);
      return redact_wifi(from(header, static_cast<std::size_t>(header[2] | header[3] << 8)),
                         scrambler);
    case link_pktap:
    case link_user2: return redact_pktap(header, scrambler);
    default: return;  // no addresses
  }
}

/// RFC 826, for Ethernet and IPv4; of any other kind only the kind stays.
void redact_arp(Room packet, const Scrambler& scrambler) {
  constexpr std::size_t whole = 28;
  const bool usual = packet.size() >= whole && packet[4] == 6 && packet[5] == 4;
  if (!usual) return blank(from(packet, 8));
  scramble_mac(packet, 8, scrambler);
  scramble_v4(packet, 14, scrambler);
  scramble_mac(packet, 18, scrambler);
  scramble_v4(packet, 24, scrambler);
  blank(from(packet, whole));
}

}  // namespace hopblame
