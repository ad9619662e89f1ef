#include "capture/quote.hpp"

#include <algorithm>

#include "capture/checksum.hpp"
#include "capture/icmp_types.hpp"
#include "capture/ip_header.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

void read_tcp_start(Quote& quote, Cursor in) {
  in.skip(4);  // ports
  const std::uint32_t sequence = in.u32();
  if (in.ok()) quote.tcp_sequence = sequence;
  in.skip(4);
  const unsigned offset = in.u8() >> 4;
  const std::uint8_t flags = in.u8();
  // A data offset below 5 is padding after a short quote, not TCP.
  if (in.ok() && offset >= 5) quote.tcp_flags = flags;
}

void read_udp_start(Quote& quote, Cursor in) {
  in.skip(6);  // ports, length
  const std::uint16_t checksum_field = in.u16();
  if (in.ok()) quote.udp_checksum = checksum_field;
}

void read_echo_start(Quote& quote, Cursor in) {
  const std::uint8_t type = in.u8();
  in.skip(3);
  const std::uint16_t identifier = in.u16(), sequence = in.u16();
  const auto family = quote.flow.transport == Transport::icmp ? Family::ipv4 : Family::ipv6;
  const bool echo = is_echo_request(family, type) || is_echo_reply(family, type);
  if (!in.ok() || !echo) return;
  quote.echo_identifier = identifier;
  quote.echo_sequence = sequence;
}

void set_ports(Quote& quote, Bytes payload) {
  const Ports ports = read_ports(payload);
  quote.flow.source.port = ports.source;
  quote.flow.destination.port = ports.destination;
}

void read_transport_start(Quote& quote, Bytes payload) {
  const Cursor in(payload);
  switch (quote.flow.transport) {
    case Transport::tcp:
      set_ports(quote, payload);
      read_tcp_start(quote, in);
      break;
    case Transport::udp:
      set_ports(quote, payload);
      read_udp_start(quote, in);
      break;
    case Transport::icmp:
    case Transport::icmp6: read_echo_start(quote, in); break;
  }
}

/// Of a header that was captured in full (RFC 791 section 3.1).
bool has_bad_checksum(Family family, Bytes packet) {
  if (family != Family::ipv4) return false;
  const auto length = std::size_t{packet[0] & 15U} * 4;
  return packet.size() >= length && ones_sum(packet.first(length)) != 0xffff;
}

std::optional<Quote> read_quoted_packet(Family family, Bytes packet) {
  const auto ip = family == Family::ipv4 ? read_ipv4(packet) : read_ipv6(packet);
  if (!ip) return {};
  Quote quote;
  quote.flow.transport = Transport{ip->why == nullptr ? ip->protocol : std::uint8_t{0}};
  quote.flow.source.address = ip->source;
  quote.flow.destination.address = ip->destination;
  quote.hop_limit = ip->hop_limit;
  quote.traffic_class = ip->traffic_class;
  quote.bad_checksum = has_bad_checksum(family, packet);
  quote.ip_id_or_flow_label = ip->ip_id_or_flow_label;
  const std::size_t total = ip->total.value_or(0xffff);
  quote.bytes = static_cast<std::uint16_t>(std::min({packet.size(), total, std::size_t{0xffff}}));
  // Not by the quoted total length: some stacks subtract the header from it or swap its bytes.
  if (ip->why == nullptr && !ip->later_fragment)
    read_transport_start(quote, packet.subspan(ip->header_bytes));
  return quote;
}

}  // namespace

std::optional<Quote> read_quote(Family family, Bytes body, std::size_t length) noexcept {
  return read_quoted_packet(family, length == 0 ? body : body.first(std::min(length, body.size())));
}

}  // namespace hopblame
