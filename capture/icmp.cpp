#include "capture/quote.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

// RFC 792 and RFC 4443 type numbers.
constexpr std::uint8_t v4_echo_reply = 0, v4_unreachable = 3, v4_source_quench = 4, v4_redirect = 5,
                       v4_echo = 8, v4_time_exceeded = 11, v4_parameter_problem = 12;
constexpr std::uint8_t v6_unreachable = 1, v6_too_big = 2, v6_time_exceeded = 3,
                       v6_last_error = 127, v6_echo = 128, v6_echo_reply = 129,
                       v6_neighbour_solicitation = 135, v6_neighbour_advertisement = 136;
constexpr std::uint8_t v4_fragmentation_needed = 4;

bool is_error(Family family, std::uint8_t type) {
  if (family == Family::ipv6) return type >= v6_unreachable && type <= v6_last_error;
  switch (type) {
    case v4_unreachable:
    case v4_source_quench:
    case v4_redirect:
    case v4_time_exceeded:
    case v4_parameter_problem: return true;
    default: return false;
  }
}

/// RFC 4884 sections 4 and 5: in units of 4 bytes (v4) or 8 bytes (v6), 0 where there is none.
std::size_t quote_hint(Family family, std::uint8_t type, std::uint32_t rest) {
  if (family == Family::ipv6)
    return type == v6_unreachable || type == v6_time_exceeded ? (rest >> 24) * 8 : 0;
  return type != v4_redirect && type != v4_source_quench ? (rest >> 16 & 0xff) * 4 : 0;
}

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

Message read_icmp(Family family, Bytes payload, std::uint32_t on_wire) {
  Cursor in(payload);
  const std::uint8_t type = in.u8(), code = in.u8();
  in.skip(2);
  const std::uint32_t rest = in.u32();
  if (!in.ok()) return Unreadable{"ICMP header cut off"};
  if (is_error(family, type)) {
    auto [quote, mpls] = read_quote(family, in.rest(), on_wire > 8 ? on_wire - 8 : 0,
                                    quote_hint(family, type, rest));
    return IcmpError{type, code, quote, mtu_of(family, type, code, rest), std::move(mpls)};
  }
  const bool v6 = family == Family::ipv6;
  if (type == (v6 ? v6_echo : v4_echo)) return echo(false, rest);
  if (type == (v6 ? v6_echo_reply : v4_echo_reply)) return echo(true, rest);
  if (v6 && (type == v6_neighbour_solicitation || type == v6_neighbour_advertisement))
    return read_solicitation(in, type);
  return Unreadable{"ICMP message of another kind"};
}

}  // namespace hopblame
