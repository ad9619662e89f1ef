#include "capture/quote.hpp"

#include <algorithm>

#include "capture/ip_header.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

constexpr std::size_t least_with_extension = 128;  // RFC 4884 section 4
constexpr int most_objects = 16;
constexpr std::size_t most_labels = 16;
constexpr unsigned mpls_class = 1, mpls_incoming_stack = 1;  // RFC 4950 section 2

/// RFC 1071, over a whole header that carries its own checksum: right when this is 0.
std::uint16_t checksum(Bytes bytes) {
  Cursor in(bytes);
  std::uint32_t sum = 0;
  while (in.left() > 1) sum += in.u16();
  if (in.left() == 1) sum += in.u8() * 256u;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

/// Version 2 and a right checksum; a checksum of 0 means not given (RFC 4884 section 7).
bool is_extension(Bytes bytes, bool announced) {
  Cursor in(bytes);
  const bool version_2 = in.u8() >> 4 == 2;
  in.skip(1);
  const bool unchecked = in.u16() == 0;
  if (!in.ok() || !version_2) return false;
  return unchecked ? announced : checksum(bytes) == 0;
}

std::vector<std::uint32_t> read_labels(Bytes extension) {
  std::vector<std::uint32_t> labels;
  Cursor in(extension);
  in.skip(4);
  for (int count = 0; count < most_objects && in.left() >= 4; ++count) {
    const std::size_t length = in.u16();
    const unsigned object_class = in.u8(), object_type = in.u8();
    if (length < 4) break;
    Cursor object(in.take(length - 4));
    if (!in.ok()) break;
    if (object_class != mpls_class || object_type != mpls_incoming_stack) continue;
    while (object.left() >= 4 && labels.size() < most_labels) labels.push_back(object.u32());
  }
  return labels;
}

/// The extension begins at the hint; without one some routers put it after 128 bytes all the same
/// (RFC 4884 section 5.5). Only a body captured whole can be checked.
Bytes find_extension(Bytes body, std::size_t on_wire, std::size_t hint) {
  const bool announced = hint >= least_with_extension;
  const std::size_t at = announced ? hint : least_with_extension;
  if (at >= body.size() || body.size() < on_wire) return {};
  const Bytes extension = body.subspan(at);
  return is_extension(extension, announced) ? extension : Bytes{};
}

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
  const bool v4 = quote.flow.transport == Transport::icmp;
  const bool echo = v4 ? type == 8 || type == 0 : type == 128 || type == 129;
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

std::optional<Quote> read_quoted_packet(Family family, Bytes packet) {
  const auto ip = family == Family::ipv4 ? read_ipv4(packet) : read_ipv6(packet);
  if (!ip) return {};
  Quote quote;
  quote.flow.transport = Transport{ip->why == nullptr ? ip->protocol : std::uint8_t{0}};
  quote.flow.source.address = ip->source;
  quote.flow.destination.address = ip->destination;
  quote.hop_limit = ip->hop_limit;
  quote.traffic_class = ip->traffic_class;
  quote.ip_id_or_flow_label = ip->ip_id_or_flow_label;
  const std::size_t total = ip->total.value_or(0xffff);
  quote.bytes = static_cast<std::uint16_t>(std::min({packet.size(), total, std::size_t{0xffff}}));
  // Not by the quoted total length: some stacks subtract the header from it or swap its bytes.
  if (ip->why == nullptr && !ip->later_fragment)
    read_transport_start(quote, packet.subspan(ip->header_bytes));
  return quote;
}

}  // namespace

QuoteReading read_quote(Family family, Bytes body, std::size_t on_wire, std::size_t hint) noexcept {
  Cursor packet(body);
  if (hint >= least_with_extension) packet.shrink(hint);
  return {read_quoted_packet(family, packet.rest()),
          read_labels(find_extension(body, on_wire, hint))};
}

}  // namespace hopblame
