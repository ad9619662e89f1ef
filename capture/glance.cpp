#include "capture/glance.hpp"

#include <algorithm>

#include "capture/fixed_header.hpp"
#include "capture/link_layer.hpp"
#include "capture/link_types.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

constexpr std::uint8_t plain_ipv4 = 0x45;  // version 4, no options
constexpr auto tcp_protocol = static_cast<std::uint8_t>(Transport::tcp);

/// A packet inside an IP header: its addresses, and what follows.
template <Family family>
struct Inside {
  static constexpr std::size_t address_size = family == Family::ipv4 ? 4 : 16;
  const std::uint8_t *source, *destination;
  std::uint8_t protocol;
  std::uint32_t on_wire;
  Bytes payload;
};

template <class Number>
Number big_endian(const std::uint8_t* bytes) {
  Number value;
  std::memcpy(&value, bytes, sizeof value);
  if constexpr (std::endian::native == std::endian::big) return value;
  return sizeof value == 8
             ? static_cast<Number>(__builtin_bswap64(value))
             : static_cast<Number>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
}

/// Sixteen bytes, the first counts most.
std::strong_ordering compare(const std::uint8_t* one, const std::uint8_t* other) {
  const auto upper = big_endian<std::uint64_t>(one) <=> big_endian<std::uint64_t>(other);
  return upper != 0 ? upper
                    : big_endian<std::uint64_t>(one + 8) <=> big_endian<std::uint64_t>(other + 8);
}

/// An IPv4 address and a port as one number, in the order of their bytes.
std::uint64_t end_of(const std::uint8_t* address, std::uint16_t port) {
  return std::uint64_t{big_endian<std::uint32_t>(address)} << 16 | port;
}
void put_end(std::uint64_t end, std::array<std::uint8_t, 16>& address, std::uint16_t& port) {
  const auto number = static_cast<std::uint32_t>(end >> 16);
  const auto bytes = big_endian<std::uint32_t>(reinterpret_cast<const std::uint8_t*>(&number));
  std::memcpy(address.data(), &bytes, sizeof bytes);
  port = static_cast<std::uint16_t>(end);
}

/// Which end is the lower one cannot be foreseen: of IPv4 it is found without a jump.
template <Family family>
inline void set_key(DirectedKey& directed, const std::uint8_t* source,
                    const std::uint8_t* destination, std::uint16_t from, std::uint16_t to) {
  auto& key = directed.key = {};
  key.family = family;
  if constexpr (family == Family::ipv4) {
    const auto one = end_of(source, from), other = end_of(destination, to);
    directed.from_low = one <= other;
    const auto swap = (one ^ other) & (std::uint64_t{directed.from_low} - 1);
    put_end(one ^ swap, key.low, key.low_port);
    put_end(other ^ swap, key.high, key.high_port);
  } else {
    const auto order = compare(source, destination);
    const bool from_low = order < 0 || (order == 0 && from <= to);
    std::memcpy(key.low.data(), from_low ? source : destination, 16);
    std::memcpy(key.high.data(), from_low ? destination : source, 16);
    key.low_port = from_low ? from : to;
    key.high_port = from_low ? to : from;
    directed.from_low = from_low;
  }
}

void read_text(Bytes payload, std::size_t header, Sighting& seen) {
  const auto before = std::min(payload.size(), header);
  seen.text = {payload.data() + before, std::min(most_text, payload.size() - before)};
}

void read_handshake_options(Bytes payload, SeenSegment& segment) {
  Cursor options(payload.subspan(20));
  options.shrink(segment.option_bytes);
  segment.options = read_options(options);
}

template <Family family>
bool read_segment(const Inside<family>& inside, Sighting& seen) {
  const auto tcp = FixedHeader<20>::of(inside.payload);
  if (!tcp) return false;
  const std::uint32_t header = (tcp.template u8<12>() >> 4) * 4u;
  if (header < 20 || header > inside.on_wire) return false;
  seen.kind = Sighting::Kind::segment;
  set_key<family>(seen.key, inside.source, inside.destination, tcp.template u16<0>(),
                  tcp.template u16<2>());
  auto& segment = seen.segment;
  segment.sequence = tcp.template u32<4>();
  segment.acknowledgment = tcp.template u32<8>();
  segment.flags = tcp.template u8<13>();
  segment.window = tcp.template u16<14>();
  segment.option_bytes = static_cast<std::uint8_t>(header - 20);
  segment.payload = inside.on_wire - header;
  segment.options = {};
  if (segment.has(tcp_flag::syn) & (header > 20)) read_handshake_options(inside.payload, segment);
  read_text(inside.payload, header, seen);
  return true;
}

/// The eight bytes of TCP that every quote has, and the flags where there is more of it.
template <Family family>
bool read_quoted_tcp(const Inside<family>& inside, Bytes quoted, const std::uint8_t* source,
                     const std::uint8_t* destination, Sighting& seen) {
  const auto tcp = FixedHeader<8>::of(quoted);
  if (!tcp) return false;
  seen.kind = Sighting::Kind::error;
  set_key<family>(seen.key, source, destination, tcp.template u16<0>(), tcp.template u16<2>());
  auto& error = seen.error;
  std::memcpy(error.sender.data(), inside.source, inside.address_size);
  error.sequence = tcp.template u32<4>();
  error.has_sequence = true;
  if (const auto more = FixedHeader<14>::of(quoted); more && more.template u8<12>() >> 4 >= 5) {
    error.flags = more.template u8<13>();
    error.has_flags = true;
  }
  return true;
}

/// Unreachable (but for 3/4, which carries an MTU) and time exceeded, without RFC 4884 extensions.
bool read_error(const Inside<Family::ipv4>& inside, Sighting& seen) {
  const auto icmp = FixedHeader<28>::of(inside.payload);
  if (!icmp) return false;
  auto& error = seen.error = {};
  error.type = icmp.u8<0>();
  error.code = icmp.u8<1>();
  const bool known = (error.type == 3 && error.code != 4) || error.type == 11;
  const std::uint32_t total = icmp.u16<10>();
  const bool whole = icmp.u8<8>() == plain_ipv4 && total >= 20 && (icmp.u16<14>() & 0x1fff) == 0;
  if (!known || icmp.u8<5>() != 0 || !whole || icmp.u8<17>() != tcp_protocol) return false;
  error.traffic_class = icmp.u8<9>();
  error.ip_id_or_flow_label = icmp.u16<12>();
  error.hop_limit = icmp.u8<16>();
  error.bytes = static_cast<std::uint16_t>(std::min<std::size_t>(inside.payload.size() - 8, total));
  return read_quoted_tcp(inside, inside.payload.subspan(28), icmp.field<20, 4>(),
                         icmp.field<24, 4>(), seen);
}

bool read_error(const Inside<Family::ipv6>& inside, Sighting& seen) {
  const auto icmp = FixedHeader<48>::of(inside.payload);
  if (!icmp) return false;
  auto& error = seen.error = {};
  error.type = icmp.u8<0>();
  error.code = icmp.u8<1>();
  const bool known = error.type == 1 || error.type == 3;
  const std::uint32_t length = icmp.u16<12>();
  const bool whole = icmp.u8<8>() >> 4 == 6 && length != 0 && icmp.u8<14>() == tcp_protocol;
  if (!known || icmp.u8<4>() != 0 || !whole) return false;
  error.traffic_class = static_cast<std::uint8_t>(icmp.u16<8>() >> 4);
  error.ip_id_or_flow_label = icmp.u32<8>() & 0xfffff;
  error.hop_limit = icmp.u8<15>();
  error.bytes =
      static_cast<std::uint16_t>(std::min<std::size_t>(inside.payload.size() - 8, length + 40));
  return read_quoted_tcp(inside, inside.payload.subspan(48), icmp.field<16, 16>(),
                         icmp.field<32, 16>(), seen);
}

template <Family family>
bool read_inside(const Inside<family>& inside, Sighting& seen) {
  constexpr auto icmp = family == Family::ipv4 ? Transport::icmp : Transport::icmp6;
  switch (Transport{inside.protocol}) {
    case Transport::tcp: return read_segment(inside, seen);
    case Transport::udp: return seen.hop_limit.value > longest_walk;
    case icmp: return read_error(inside, seen);
    default: return false;
  }
}

bool read_plain_ipv4(Bytes packet, Sighting& seen) {
  const auto ip = FixedHeader<20>::of(packet);
  if (!ip || ip.u8<0>() >> 4 != 4) return false;
  const std::size_t header = (ip.u8<0>() & 0x0fu) * 4, total = ip.u16<2>();
  const bool first_fragment = (ip.u16<6>() & 0x1fff) == 0;
  if (header < 20 || total < header || packet.size() < header || !first_fragment) return false;
  seen.traffic_class = ip.u8<1>();
  seen.ip_id_or_flow_label = ip.u16<4>();
  seen.dont_fragment = (ip.u16<6>() & 0x4000) != 0;
  seen.hop_limit = HopLimit{ip.u8<8>()};
  return read_inside(
      Inside<Family::ipv4>{ip.field<12, 4>(), ip.field<16, 4>(), ip.u8<9>(),
                           static_cast<std::uint32_t>(total - header),
                           packet.first(std::min(total, packet.size())).subspan(header)},
      seen);
}

bool read_plain_ipv6(Bytes packet, Sighting& seen) {
  const auto ip = FixedHeader<40>::of(packet);
  if (!ip || ip.u8<0>() >> 4 != 6) return false;
  const std::uint32_t length = ip.u16<4>();
  if (length == 0) return false;
  seen.dont_fragment = false;
  seen.traffic_class = static_cast<std::uint8_t>(ip.u16<0>() >> 4);
  seen.ip_id_or_flow_label = ip.u32<0>() & 0xfffff;
  seen.hop_limit = HopLimit{ip.u8<7>()};
  return read_inside(
      Inside<Family::ipv6>{ip.field<8, 16>(), ip.field<24, 16>(), ip.u8<6>(), length,
                           packet.subspan(40, std::min<std::size_t>(length, packet.size() - 40))},
      seen);
}

[[gnu::noinline]] bool read_unwrapped(const Frame& frame, Sighting& seen) {
  const auto inner = unwrap(frame.link_type, frame.bytes);
  if (inner.network == Network::ipv4) return read_plain_ipv4(inner.packet, seen);
  return inner.network == Network::ipv6 && read_plain_ipv6(inner.packet, seen);
}

}  // namespace

bool glance(const Frame& frame, Sighting& seen) noexcept {
  seen.kind = Sighting::Kind::other;
  seen.frame = frame.id;
  seen.at = frame.at;
  const auto ethernet = FixedHeader<14>::of(frame.bytes);
  if (frame.link_type == link_ethernet && ethernet) {
    if (ethernet.u16<12>() == 0x0800) return read_plain_ipv4(frame.bytes.subspan(14), seen);
    if (ethernet.u16<12>() == 0x86dd) return read_plain_ipv6(frame.bytes.subspan(14), seen);
  }
  return read_unwrapped(frame, seen);
}

}  // namespace hopblame
