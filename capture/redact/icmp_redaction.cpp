#include "capture/redact/icmp_redaction.hpp"

#include "capture/icmp_types.hpp"
#include "capture/redact/ip_redaction.hpp"

namespace hopblame {
namespace {

constexpr std::size_t checksum_at = 2;

/// What follows a quote (RFC 4884, RFC 5837) may name interfaces and addresses.
void redact_error(Family family, Room message, const Scrambler& scrambler) {
  if (family == Family::ipv4 && message[0] == v4_redirect) scramble_v4(message, 4, scrambler);
  const Room body = from(message, icmp_header);
  const std::size_t said = quote_length(family, message[0], Cursor(from(message, 4)).u32());
  const std::size_t length = said == 0 ? body.size() : std::min(said, body.size());
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
  if (is_icmp_error(family, type) && !quoted) return redact_error(family, message, scrambler);
  if (is_neighbour_message(family, type)) {
    scramble_v6(message, icmp_header, scrambler);
    return redact_neighbour_options(from(message, icmp_header + 16), scrambler);
  }
  const bool numbers_stay = is_echo_request(family, type) || is_echo_reply(family, type);
  blank(from(message, numbers_stay ? icmp_header : 4));
}

}  // namespace

void redact_icmp(Family family, Room message, bool quoted, const Scrambler& scrambler) {
  if (message.size() < icmp_header) return blank(from(message, 4));
  const std::uint32_t before = ones_sum(message);
  redact_body(family, message, quoted, scrambler);
  repair(message, checksum_at, before, ones_sum(message));
}

}  // namespace hopblame
