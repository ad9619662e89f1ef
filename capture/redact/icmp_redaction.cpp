#include "capture/redact/icmp_redaction.hpp"

#include "capture/redact/ip_redaction.hpp"

namespace hopblame {
namespace {

constexpr std::size_t header = 8, checksum_at = 2;
// RFC 792, RFC 4443, RFC 4861.
constexpr std::uint8_t v4_unreachable = 3, v4_source_quench = 4, v4_redirect = 5,
                       v4_time_exceeded = 11, v4_parameter_problem = 12;
constexpr std::uint8_t v6_unreachable = 1, v6_time_exceeded = 3, v6_last_error = 127,
                       v6_solicitation = 135, v6_advertisement = 136;

bool is_error(Family family, std::uint8_t type) {
  if (family == Family::ipv6) return type >= v6_unreachable && type <= v6_last_error;
  return (type >= v4_unreachable && type <= v4_redirect) || type == v4_time_exceeded ||
         type == v4_parameter_problem;
}

bool is_echo(Family family, std::uint8_t type) {
  return family == Family::ipv6 ? type == 128 || type == 129 : type == 8 || type == 0;
}

bool is_neighbour(Family family, std::uint8_t type) {
  return family == Family::ipv6 && (type == v6_solicitation || type == v6_advertisement);
}

/// Length of the quote where the message says it (RFC 4884); else everything.
std::size_t quote_length(Family family, Room message) {
  constexpr std::size_t least = 128;
  const std::size_t hint = family == Family::ipv6 ? message[4] * 8u : message[5] * 4u;
  const bool has_hint = family == Family::ipv6
                            ? message[0] == v6_unreachable || message[0] == v6_time_exceeded
                            : message[0] != v4_redirect && message[0] != v4_source_quench;
  return has_hint && hint >= least ? hint : message.size();
}

/// What follows a quote (RFC 4884, RFC 5837) may name interfaces and addresses.
void redact_error(Family family, Room message, const Scrambler& scrambler) {
  if (family == Family::ipv4 && message[0] == v4_redirect) scramble_v4(message, 4, scrambler);
  const Room body = from(message, header);
  const std::size_t length = std::min(body.size(), quote_length(family, message));
  redact_quote(family, body.first(length), scrambler);
  blank(from(body, length));
}

/// RFC 4861 section 4.6: link-layer addresses of Ethernet fill one unit of eight bytes.
void redact_neighbour_options(Room options, const Scrambler& scrambler) {
  while (options.size() >= 8) {
    const std::size_t length = options[1] * 8u;
    if (length == 0 || length > options.size()) break;
    const bool mac = (options[0] == 1 || options[0] == 2) && length == 8;
    if (mac)
      scramble_mac(options, 2, scrambler);
    else
      blank(options.subspan(2, length - 2));
    options = options.subspan(length);
  }
  blank(options);
}

void redact_body(Family family, Room message, bool quoted, const Scrambler& scrambler) {
  const std::uint8_t type = message[0];
  if (is_error(family, type) && !quoted) return redact_error(family, message, scrambler);
  if (is_neighbour(family, type)) {
    scramble_v6(message, header, scrambler);
    return redact_neighbour_options(from(message, header + 16), scrambler);
  }
  const bool numbers_stay = is_echo(family, type);
  blank(from(message, numbers_stay ? header : 4));
}

}  // namespace

void redact_icmp(Family family, Room message, bool quoted, const Scrambler& scrambler) {
  if (message.size() < header) return blank(from(message, 4));
  const std::uint32_t before = ones_sum(message);
  redact_body(family, message, quoted, scrambler);
  repair(message, checksum_at, before, ones_sum(message));
}

}  // namespace hopblame
