#include "capture/icmp_types.hpp"
#include "capture/quote.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

constexpr std::uint8_t v4_fragmentation_needed = 4;

/// 0 is what routers older than RFC 1191 send: they do not tell.
std::optional<std::uint32_t> mtu_of(Family family, std::uint8_t type, std::uint8_t code,
                                    std::uint32_t rest) {
  std::uint32_t mtu = 0;
  if (family == Family::ipv6 && type == v6_too_big) mtu = rest;
  if (family == Family::ipv4 && type == v4_unreachable && code == v4_fragmentation_needed)
    mtu = rest & 0xffff;
  return mtu == 0 ? std::nullopt : std::optional(mtu);
}

Message read_solicitation(Cursor in, std::uint8_t type) {
  const IpAddress target = in.v6();
  if (!in.ok()) return Unreadable{"neighbour message cut off"};
  return NeighbourMessage{type == v6_neighbour_advertisement, target};
}

IcmpEcho echo(bool reply, std::uint32_t rest) {
  return {reply, static_cast<std::uint16_t>(rest >> 16), static_cast<std::uint16_t>(rest)};
}

}  // namespace

Message read_icmp(Family family, Bytes payload) {
  Cursor in(payload);
  const std::uint8_t type = in.u8(), code = in.u8();
  in.skip(2);
  const std::uint32_t rest = in.u32();
  if (!in.ok()) return Unreadable{"ICMP header cut off"};
  if (is_icmp_error(family, type))
    return IcmpError{type, code, read_quote(family, in.rest(), quote_length(family, type, rest)),
                     mtu_of(family, type, code, rest)};
  if (is_echo_request(family, type)) return echo(false, rest);
  if (is_echo_reply(family, type)) return echo(true, rest);
  if (is_neighbour_message(family, type)) return read_solicitation(in, type);
  return Unreadable{"ICMP message of another kind"};
}

}  // namespace hopblame
