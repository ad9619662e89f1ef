#pragma once
// ICMP and ICMPv6 types (RFC 792, RFC 4443, RFC 4861), and where a quote ends (RFC 4884): known
// once for reading and for redacting, as what is read of a quote must not escape redaction.

#include <cstddef>
#include <cstdint>

#include "analysis/model/address.hpp"

namespace hopblame {

inline constexpr std::uint8_t v4_echo_reply = 0, v4_unreachable = 3, v4_source_quench = 4,
                              v4_redirect = 5, v4_echo = 8, v4_time_exceeded = 11,
                              v4_parameter_problem = 12;
inline constexpr std::uint8_t v6_unreachable = 1, v6_too_big = 2, v6_time_exceeded = 3,
                              v6_last_error = 127, v6_echo = 128, v6_echo_reply = 129,
                              v6_neighbour_solicitation = 135, v6_neighbour_advertisement = 136;
/// Before the quote, or whatever else the message holds, in bytes.
inline constexpr std::size_t icmp_header = 8;

/// The message quotes the packet it is about.
[[nodiscard]] constexpr bool is_icmp_error(Family family, std::uint8_t type) {
  if (family == Family::ipv6) return type >= v6_unreachable && type <= v6_last_error;
  return (type >= v4_unreachable && type <= v4_redirect) || type == v4_time_exceeded ||
         type == v4_parameter_problem;
}

[[nodiscard]] constexpr bool is_echo_request(Family family, std::uint8_t type) {
  return type == (family == Family::ipv6 ? v6_echo : v4_echo);
}
[[nodiscard]] constexpr bool is_echo_reply(Family family, std::uint8_t type) {
  return type == (family == Family::ipv6 ? v6_echo_reply : v4_echo_reply);
}

[[nodiscard]] constexpr bool is_neighbour_message(Family family, std::uint8_t type) {
  return family == Family::ipv6 &&
         (type == v6_neighbour_solicitation || type == v6_neighbour_advertisement);
}

/// How many bytes an error says it quotes; `rest`: the second word of its header. 0: it does not
/// say, or fewer than the 128 that RFC 4884 section 4 asks for, and all that follows is the quote.
[[nodiscard]] constexpr std::size_t quote_length(Family family, std::uint8_t type,
                                                 std::uint32_t rest) {
  constexpr std::size_t least = 128;
  std::size_t length = 0;
  if (family == Family::ipv6) {
    if (type == v6_unreachable || type == v6_time_exceeded) length = (rest >> 24) * 8;
  } else if (type != v4_redirect && type != v4_source_quench) {
    length = (rest >> 16 & 0xff) * 4;
  }
  return length >= least ? length : 0;
}

}  // namespace hopblame
