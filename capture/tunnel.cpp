#include "capture/tunnel.hpp"

#include <algorithm>

#include "analysis/model/flow.hpp"
#include "capture/ip_header.hpp"
#include "capture/link_layer.hpp"

namespace hopblame {
namespace {

constexpr int most_tunnels = 4;

/// What is inside, and the link type it begins with.
struct Inside {
  int link_type = link_raw;
  Bytes bytes;
};
using Maybe = std::optional<Inside>;

Maybe inside(int link_type, const Cursor& in) {
  return in.ok() && in.left() > 0 ? Maybe({link_type, in.rest()}) : std::nullopt;
}

/// The protocol types of GRE and Geneve are EtherTypes; 0x6558 is a bridged Ethernet frame.
Maybe by_type(std::uint16_t type, const Cursor& in) {
  switch (type) {
    case 0x0800:
    case 0x86dd: return inside(link_raw, in);
    case 0x6558: return inside(link_ethernet, in);
    default: return {};
  }
}

/// RFC 2784, RFC 2890; ERSPAN as in draft-foschiano-erspan: type I has neither a sequence number
/// nor a header.
Maybe in_gre(Cursor in) {
  constexpr std::uint16_t checksum = 0x8000, key = 0x2000, sequence = 0x1000, version = 7;
  constexpr std::uint16_t erspan = 0x88be, erspan_3 = 0x22eb;
  const auto flags = in.u16(), type = in.u16();
  if ((flags & version) != 0) return {};
  for (const auto field : {checksum, key, sequence})
    if ((flags & field) != 0) in.skip(4);
  if (type == erspan) {
    if ((flags & sequence) != 0) in.skip(8);
    return inside(link_ethernet, in);
  }
  if (type != erspan_3) return by_type(type, in);
  in.skip(11);
  const bool more = (in.u8() & 1) != 0;
  in.skip(more ? 8 : 0);
  return inside(link_ethernet, in);
}

/// RFC 7348 section 5: only the flag of a valid number is set.
Maybe in_vxlan(Cursor in) {
  const auto flags = in.u32();
  in.skip(4);
  return flags == 0x08000000 ? inside(link_ethernet, in) : std::nullopt;
}

/// RFC 8926 section 3.4.
Maybe in_geneve(Cursor in) {
  const unsigned first = in.u8();
  in.skip(1);
  const auto type = in.u16();
  in.skip(4 + (first & 0x3f) * 4);
  return first >> 6 == 0 ? by_type(type, in) : std::nullopt;
}

/// 3GPP TS 29.281 section 5.1: what a phone sends and gets, behind extension headers.
Maybe in_gtp(Cursor in) {
  constexpr unsigned version_1 = 3, user_packet = 255;
  const unsigned first = in.u8(), kind = in.u8();
  in.skip(6);
  unsigned extension = 0;
  if ((first & 7) != 0) {
    in.skip(3);
    extension = in.u8();
  }
  while (extension != 0 && in.ok()) {
    const unsigned words = in.u8();
    if (words == 0) return {};
    in.skip(words * 4 - 2);
    extension = in.u8();
  }
  return first >> 4 == version_1 && kind == user_packet ? inside(link_raw, in) : std::nullopt;
}

/// TaZmen Sniffer Protocol, as MikroTik's sniffer streams: a packet that was received or is sent,
/// behind tags of which the last is 1; a padding tag has no length.
Maybe in_tzsp(Cursor in) {
  constexpr unsigned ethernet = 1, padding = 0, end = 1;
  const unsigned version = in.u8(), kind = in.u8(), carried = in.u16();
  if (version != 1 || kind > 1 || carried != ethernet) return {};
  for (unsigned tag = in.u8(); tag != end && in.ok(); tag = in.u8())
    if (tag != padding) in.skip(in.u8());
  return inside(link_ethernet, in);
}

/// RFC 4380 section 5.1.1: IPv6, behind an authentication and an origin indication.
Maybe in_teredo(Cursor in) {
  Cursor next = in;
  if (next.u16() == 1) {
    const std::size_t client = next.u8(), value = next.u8();
    next.skip(client + value + 9);
    in = next;
  }
  next = in;
  if (next.u16() == 0) {
    next.skip(6);
    in = next;
  }
  return inside(link_raw, in);
}

Maybe in_datagram(Cursor in) {
  constexpr std::uint16_t vxlan = 4789, vxlan_of_linux = 8472, geneve = 6081, gtp = 2152,
                          teredo = 3544, tzsp = 37008;
  const auto from = in.u16(), port = in.u16();
  in.skip(4);
  if (port == vxlan || port == vxlan_of_linux) return in_vxlan(in);
  if (port == gtp) return in_gtp(in);
  if (port == tzsp) return in_tzsp(in);
  if (port == teredo || from == teredo) return in_teredo(in);
  return port == geneve ? in_geneve(in) : std::nullopt;
}

/// Protocol numbers of IANA: IPv4 and IPv6 inside IP (RFC 2003, RFC 4213), and GRE.
Maybe carried(std::uint8_t protocol, Bytes payload) {
  constexpr std::uint8_t ipv4 = 4, ipv6 = 41, gre = 47;
  const Cursor in(payload);
  switch (protocol) {
    case ipv4:
    case ipv6: return inside(link_raw, in);
    case gre: return in_gre(in);
    case static_cast<std::uint8_t>(Transport::udp): return in_datagram(in);
    default: return {};
  }
}

std::optional<Frame> one_out(const Frame& frame) {
  const auto outer = unwrap(frame.link_type, frame.bytes);
  std::optional<IpHeader> ip;
  if (outer.network == Network::ipv4) ip = read_ipv4(outer.packet);
  if (outer.network == Network::ipv6) ip = read_ipv6(outer.packet);
  if (!ip || ip->why != nullptr || ip->later_fragment) return {};
  const auto found = carried(ip->protocol, ip->payload);
  if (!found || unwrap(found->link_type, found->bytes).network == Network::none) return {};
  const auto kept = frame.bytes.size();
  const auto cut = std::max<std::size_t>(frame.original_length, kept) - kept;
  Frame inner = frame;
  inner.link_type = found->link_type;
  inner.bytes = found->bytes;
  inner.original_length = static_cast<std::uint32_t>(found->bytes.size() + cut);
  return inner;
}

}  // namespace

std::optional<Frame> out_of_tunnel(const Frame& frame) noexcept {
  auto inner = one_out(frame);
  for (int more = 1; inner && more < most_tunnels; ++more) {
    const auto next = one_out(*inner);
    if (!next) break;
    inner = next;
  }
  return inner;
}

}  // namespace hopblame
