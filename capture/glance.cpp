#include "capture/glance.hpp"

#include <algorithm>

#include "capture/fixed_header.hpp"
#include "capture/link_layer.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

constexpr int link_ethernet = 1;
constexpr std::size_t most_text = 64;
constexpr std::uint8_t plain_ipv4 = 0x45;  // version 4, no options

/// What an IP header says about what follows it.
struct Inside {
  const std::uint8_t *source = nullptr, *destination = nullptr;
  Family family = Family::ipv4;
  std::uint8_t protocol = 0;
  std::uint32_t on_wire = 0;
  Bytes payload;
};

Unwrapped network_of(const Frame& frame) {
  const auto ethernet = FixedHeader<14>::of(frame.bytes);
  if (frame.link_type == link_ethernet && ethernet) {
    if (ethernet->u16<12>() == 0x0800) return {Network::ipv4, frame.bytes.subspan(14), ""};
    if (ethernet->u16<12>() == 0x86dd) return {Network::ipv6, frame.bytes.subspan(14), ""};
  }
  return unwrap(frame.link_type, frame.bytes);
}

bool read_plain_ipv4(Bytes packet, Inside& inside, Sighting& seen) {
  const auto ip = FixedHeader<20>::of(packet);
  if (!ip || ip->u8<0>() >> 4 != 4) return false;
  const std::size_t header = (ip->u8<0>() & 0x0fu) * 4, total = ip->u16<2>();
  const bool first_fragment = (ip->u16<6>() & 0x1fff) == 0;
  if (header < 20 || total < header || packet.size() < header || !first_fragment) return false;
  seen.traffic_class = ip->u8<1>();
  seen.ip_id_or_flow_label = ip->u16<4>();
  seen.dont_fragment = (ip->u16<6>() & 0x4000) != 0;
  seen.hop_limit = HopLimit{ip->u8<8>()};
  inside = {ip->field<12, 4>(),
            ip->field<16, 4>(),
            Family::ipv4,
            ip->u8<9>(),
            static_cast<std::uint32_t>(total - header),
            packet.first(std::min(total, packet.size())).subspan(header)};
  return true;
}

bool read_plain_ipv6(Bytes packet, Inside& inside, Sighting& seen) {
  const auto ip = FixedHeader<40>::of(packet);
  if (!ip || ip->u8<0>() >> 4 != 6) return false;
  const std::uint32_t length = ip->u16<4>();
  if (length == 0) return false;
  seen.traffic_class = static_cast<std::uint8_t>(ip->u16<0>() >> 4);
  seen.ip_id_or_flow_label = ip->u32<0>() & 0xfffff;
  seen.hop_limit = HopLimit{ip->u8<7>()};
  inside = {ip->field<8, 16>(),
            ip->field<24, 16>(),
            Family::ipv6,
            ip->u8<6>(),
            length,
            packet.subspan(40, std::min<std::size_t>(length, packet.size() - 40))};
  return true;
}

DirectedKey key_between(Family family, const std::uint8_t* source, const std::uint8_t* destination,
                        std::uint16_t from, std::uint16_t to) {
  const std::size_t size = family == Family::ipv4 ? 4 : 16;
  const int order = std::memcmp(source, destination, size);
  DirectedKey directed;
  directed.from_low = order < 0 || (order == 0 && from <= to);
  if (!directed.from_low) {
    std::swap(source, destination);
    std::swap(from, to);
  }
  auto& key = directed.key;
  if (family == Family::ipv4) {
    std::memcpy(key.low.data(), source, 4);
    std::memcpy(key.high.data(), destination, 4);
  } else {
    std::memcpy(key.low.data(), source, 16);
    std::memcpy(key.high.data(), destination, 16);
  }
  key.low_port = from;
  key.high_port = to;
  key.family = family;
  return directed;
}

bool read_segment(const Inside& inside, Sighting& seen) {
  const auto tcp = FixedHeader<20>::of(inside.payload);
  if (!tcp) return false;
  const std::uint32_t header = (tcp->u8<12>() >> 4) * 4u;
  if (header < 20 || header > inside.on_wire) return false;
  seen.kind = Sighting::Kind::segment;
  seen.key =
      key_between(inside.family, inside.source, inside.destination, tcp->u16<0>(), tcp->u16<2>());
  auto& segment = seen.segment;
  segment.sequence = tcp->u32<4>();
  segment.acknowledgment = tcp->u32<8>();
  segment.flags = tcp->u8<13>();
  segment.window = tcp->u16<14>();
  segment.option_bytes = static_cast<std::uint8_t>(header - 20);
  segment.payload = inside.on_wire - header;
  if (segment.has(tcp_flag::syn)) {
    Cursor options(inside.payload.subspan(20));
    options.shrink(segment.option_bytes);
    segment.options = read_options(options);
  }
  if (inside.payload.size() > header)
    seen.text = inside.payload.subspan(header, std::min(most_text, inside.payload.size() - header));
  return true;
}

/// The eight bytes of TCP that every quote has, and the flags where there is more of it.
bool read_quoted_tcp(const Inside& inside, Bytes quoted, const std::uint8_t* source,
                     const std::uint8_t* destination, Sighting& seen) {
  const auto tcp = FixedHeader<8>::of(quoted);
  if (!tcp) return false;
  seen.kind = Sighting::Kind::error;
  seen.key = key_between(inside.family, source, destination, tcp->u16<0>(), tcp->u16<2>());
  auto& error = seen.error;
  std::memcpy(error.sender.data(), inside.source, inside.family == Family::ipv4 ? 4 : 16);
  error.sequence = tcp->u32<4>();
  error.has_sequence = true;
  if (const auto more = FixedHeader<14>::of(quoted); more && more->u8<12>() >> 4 >= 5) {
    error.flags = more->u8<13>();
    error.has_flags = true;
  }
  return true;
}

/// Unreachable (but for 3/4, which carries an MTU) and time exceeded, without RFC 4884 extensions.
bool read_error_v4(const Inside& inside, Sighting& seen) {
  const auto icmp = FixedHeader<28>::of(inside.payload);
  if (!icmp) return false;
  auto& error = seen.error;
  error.type = icmp->u8<0>();
  error.code = icmp->u8<1>();
  const bool known = (error.type == 3 && error.code != 4) || error.type == 11;
  const std::uint32_t total = icmp->u16<10>();
  const bool whole = icmp->u8<8>() == plain_ipv4 && total >= 20 && (icmp->u16<14>() & 0x1fff) == 0;
  if (!known || icmp->u8<5>() != 0 || !whole || icmp->u8<17>() != 6) return false;
  error.traffic_class = icmp->u8<9>();
  error.ip_id_or_flow_label = icmp->u16<12>();
  error.hop_limit = icmp->u8<16>();
  error.bytes = static_cast<std::uint16_t>(std::min<std::size_t>(inside.payload.size() - 8, total));
  return read_quoted_tcp(inside, inside.payload.subspan(28), icmp->field<20, 4>(),
                         icmp->field<24, 4>(), seen);
}

bool read_error_v6(const Inside& inside, Sighting& seen) {
  const auto icmp = FixedHeader<48>::of(inside.payload);
  if (!icmp) return false;
  auto& error = seen.error;
  error.type = icmp->u8<0>();
  error.code = icmp->u8<1>();
  const bool known = error.type == 1 || error.type == 3;
  const std::uint32_t length = icmp->u16<12>();
  const bool whole = icmp->u8<8>() >> 4 == 6 && length != 0 && icmp->u8<14>() == 6;
  if (!known || icmp->u8<4>() != 0 || !whole) return false;
  error.traffic_class = static_cast<std::uint8_t>(icmp->u16<8>() >> 4);
  error.ip_id_or_flow_label = icmp->u32<8>() & 0xfffff;
  error.hop_limit = icmp->u8<15>();
  error.bytes =
      static_cast<std::uint16_t>(std::min<std::size_t>(inside.payload.size() - 8, length + 40));
  return read_quoted_tcp(inside, inside.payload.subspan(48), icmp->field<16, 16>(),
                         icmp->field<32, 16>(), seen);
}

bool read_inside(const Inside& inside, Sighting& seen) {
  const bool v4 = inside.family == Family::ipv4;
  switch (Transport{inside.protocol}) {
    case Transport::tcp: return read_segment(inside, seen);
    case Transport::udp: return true;
    case Transport::icmp: return v4 && read_error_v4(inside, seen);
    case Transport::icmp6: return !v4 && read_error_v6(inside, seen);
  }
  return false;
}

}  // namespace

bool glance(const Frame& frame, Sighting& seen) noexcept {
  seen = {};
  seen.frame = frame.id;
  seen.at = frame.at;
  Inside inside;
  const auto network = network_of(frame);
  if (network.network == Network::ipv4)
    return read_plain_ipv4(network.packet, inside, seen) && read_inside(inside, seen);
  if (network.network == Network::ipv6)
    return read_plain_ipv6(network.packet, inside, seen) && read_inside(inside, seen);
  return false;
}

}  // namespace hopblame
