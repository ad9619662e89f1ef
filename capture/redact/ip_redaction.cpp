#include "capture/redact/ip_redaction.hpp"

#include "analysis/model/flow.hpp"
#include "capture/ip_header.hpp"
#include "capture/redact/icmp_redaction.hpp"
#include "capture/redact/tcp_redaction.hpp"

namespace hopblame {
namespace {

constexpr std::size_t v4_header = 20, v6_header = 40, v4_checksum = 10;
constexpr std::uint8_t no_operation = 1;  // RFC 791 section 3.1

/// Source and destination, as the pseudo-header of a transport checksum counts them.
std::uint32_t sum_of_addresses(Family family, Bytes packet) {
  return family == Family::ipv4 ? ones_sum(packet.subspan(12, 8)) : ones_sum(packet.subspan(8, 32));
}

/// Options may record a route: only their length stays.
void redact_v4_header(Room header, const Scrambler& scrambler) {
  const std::uint32_t before = ones_sum(header);
  scramble_v4(header, 12, scrambler);
  scramble_v4(header, 16, scrambler);
  blank(from(header, v4_header), no_operation);
  repair(header, v4_checksum, before, ones_sum(header));
}

/// RFC 8200 section 4: options become padding; of a routing header only the kind stays.
void redact_extensions(Room header) {
  constexpr std::uint8_t routing = 43, fragment = 44, authentication = 51;
  std::uint8_t kind = header[6];
  std::size_t at = v6_header;
  while (at + 8 <= header.size()) {
    const std::size_t field = header[at + 1];
    const std::size_t length = kind == fragment         ? 8
                               : kind == authentication ? (field + 2) * 4
                                                        : (field + 1) * 8;
    const std::size_t skip = kind == routing ? 4 : 2;
    if (kind != fragment)
      blank(header.subspan(at + skip, std::min(length, header.size() - at) - skip));
    kind = header[at];
    at += length;
  }
  blank(from(header, at));
}

void redact_v6_header(Room header, const Scrambler& scrambler) {
  scramble_v6(header, 8, scrambler);
  scramble_v6(header, 24, scrambler);
  redact_extensions(header);
}

struct Kind {
  Family family;
  std::uint8_t protocol;
  bool quoted;
};

struct Sums {
  std::uint32_t before, after;
};

/// RFC 768: 0 means that there is none, and one that comes out as 0 is written as all ones.
void repair_transport(std::uint8_t protocol, Room payload, std::size_t at, std::uint32_t before,
                      std::uint32_t after) {
  const bool udp = Transport{protocol} == Transport::udp;
  if (payload.size() < at + 2) return;
  const auto none = [&] { return payload[at] == 0 && payload[at + 1] == 0; };
  if (udp && none()) return;
  repair(payload, at, before, after);
  if (udp && none()) blank(payload.subspan(at, 2), 0xff);
}

/// One that a device was to finish covers the addresses alone.
bool rewrite_unfinished(Kind kind, Room payload, std::size_t at, Sums addresses) {
  if (payload.size() < at + 2) return false;
  const auto length = static_cast<std::uint32_t>(payload.size());
  if (u16_at(payload, at) != pseudo_header_sum(addresses.before, kind.protocol, length))
    return false;
  put_u16(payload, at, pseudo_header_sum(addresses.after, kind.protocol, length));
  return true;
}

/// TCP and UDP: the checksum covers the addresses and all of the payload.
void redact_datagram(Kind kind, Room payload, Sums addresses, const Scrambler& scrambler) {
  const bool tcp = Transport{kind.protocol} == Transport::tcp;
  const std::uint32_t before = ones_sum(payload, addresses.before);
  const bool unfinished = tcp && rewrite_unfinished(kind, payload, 16, addresses);
  if (tcp)
    redact_tcp(payload, kind.quoted, scrambler);
  else
    blank(from(payload, 8));
  if (unfinished) return;
  repair_transport(kind.protocol, payload, tcp ? 16 : 6, before,
                   ones_sum(payload, addresses.after));
}

void redact_payload(Kind kind, Room payload, Sums addresses, const Scrambler& scrambler) {
  switch (Transport{kind.protocol}) {
    case Transport::tcp:
    case Transport::udp: return redact_datagram(kind, payload, addresses, scrambler);
    case Transport::icmp:
      if (kind.family == Family::ipv6) break;
      return redact_icmp(kind.family, payload, kind.quoted, scrambler);
    case Transport::icmp6:
      if (kind.family == Family::ipv4) break;
      redact_icmp(kind.family, payload, kind.quoted, scrambler);
      return repair(payload, 2, addresses.before, addresses.after);
  }
  blank(payload);
}

void redact_packet(Family family, Room packet, bool quoted, const Scrambler& scrambler) {
  const auto ip = family == Family::ipv4 ? read_ipv4(packet) : read_ipv6(packet);
  if (!ip) return blank(packet);
  const std::size_t least = family == Family::ipv4 ? v4_header : v6_header;
  const std::size_t header = std::clamp<std::size_t>(ip->header_bytes, least, packet.size());
  const std::size_t used = quoted ? packet.size() : header + ip->payload.size();
  blank(from(packet, used));
  const std::uint32_t before = sum_of_addresses(family, packet);
  if (family == Family::ipv4)
    redact_v4_header(packet.first(header), scrambler);
  else
    redact_v6_header(packet.first(header), scrambler);
  const Room payload = packet.subspan(header, std::min(used, packet.size()) - header);
  if (ip->why != nullptr || ip->later_fragment) return blank(payload);
  redact_payload({family, ip->protocol, quoted}, payload,
                 {before, sum_of_addresses(family, packet)}, scrambler);
}

}  // namespace

void redact_ip(Family family, Room packet, const Scrambler& scrambler) {
  redact_packet(family, packet, false, scrambler);
}

void redact_quote(Family family, Room packet, const Scrambler& scrambler) {
  redact_packet(family, packet, true, scrambler);
}

}  // namespace hopblame
