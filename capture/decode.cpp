#include "capture/decode.hpp"

#include <algorithm>

#include "capture/checksum.hpp"
#include "capture/ip_header.hpp"
#include "capture/link_layer.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

constexpr auto no_transport = Transport{0};

bool is_spoiled(const IpHeader& ip) {
  constexpr std::size_t checksum_at = 16;
  const auto& segment = ip.payload;
  const auto pseudo =
      pseudo_header_sum(ones_sum(ip.source.octets()) + ones_sum(ip.destination.octets()),
                        ip.protocol, static_cast<std::uint32_t>(segment.size()));
  return ones_sum(segment, pseudo) != 0xffff &&
         Cursor(segment.subspan(checksum_at)).u16() != pseudo;
}

Message read_segment(const IpHeader& ip, std::uint32_t on_wire) {
  auto message = read_tcp(ip.payload, on_wire);
  auto* segment = std::get_if<TcpSegment>(&message);
  if (segment != nullptr && segment->payload == 0 && !ip.fragment && ip.payload.size() == on_wire)
    segment->bad_checksum = is_spoiled(ip);
  return message;
}

Message read_transport(const IpHeader& ip, std::uint32_t on_wire) {
  switch (Transport{ip.protocol}) {
    case Transport::tcp: return read_segment(ip, on_wire);
    case Transport::udp: return read_udp(ip.payload);
    case Transport::icmp:
      if (ip.source.family == Family::ipv4) return read_icmp(Family::ipv4, ip.payload);
      break;
    case Transport::icmp6:
      if (ip.source.family == Family::ipv6) return read_icmp(Family::ipv6, ip.payload);
      break;
  }
  return Unreadable{"transport protocol is not read"};
}

void fill(Observation& seen, const IpHeader& ip) {
  seen.flow.source.address = ip.source;
  seen.flow.destination.address = ip.destination;
  seen.hop_limit = ip.hop_limit;
  seen.traffic_class = ip.traffic_class;
  seen.ip_id_or_flow_label = ip.ip_id_or_flow_label;
  seen.dont_fragment = ip.dont_fragment;
  seen.fragment = ip.later_fragment;
}

/// `wire`: length of the IP packet on the wire by the frame, for where its header says 0.
void read_ip(Observation& seen, const std::optional<IpHeader>& ip, std::uint32_t wire) {
  if (!ip) {
    seen.message = Unreadable{"IP header cut off or of another version"};
    return;
  }
  fill(seen, *ip);
  if (ip->why != nullptr) {
    seen.message = Unreadable{ip->why};
    return;
  }
  seen.flow.transport = Transport{ip->protocol};
  if (ip->later_fragment) {
    seen.message = Unreadable{"not the first fragment"};
    return;
  }
  seen.message = read_transport(*ip, ip->payload_on_wire(wire));
  if (seen.flow.transport == Transport::tcp || seen.flow.transport == Transport::udp) {
    const Ports ports = read_ports(ip->payload);
    seen.flow.source.port = ports.source;
    seen.flow.destination.port = ports.destination;
  }
}

/// RFC 826; in an answer, the address asked for is the sender's.
void read_arp(Observation& seen, Bytes packet) {
  Cursor in(packet);
  in.skip(2);
  const bool for_ipv4 = in.u16() == 0x0800;
  const std::size_t hardware = in.u8();
  const bool four_bytes = in.u8() == 4;
  const unsigned operation = in.u16();
  in.skip(hardware);
  const IpAddress sender = in.v4();
  in.skip(hardware);
  const IpAddress target = in.v4();
  if (!in.ok() || !for_ipv4 || !four_bytes || operation < 1 || operation > 2) {
    seen.message = Unreadable{"ARP cut off or of another kind"};
    return;
  }
  const bool answer = operation == 2;
  seen.flow.source.address = sender;
  seen.flow.destination.address = target;
  seen.message = NeighbourMessage{answer, answer ? sender : target};
}

std::optional<LinkEnds> link_ends_of(int link_type, Bytes frame) {
  LinkEnds ends;
  auto& [from, to] = ends;
  if (link_type != link_ethernet || frame.size() < to.bytes.size() + from.bytes.size()) return {};
  std::copy_n(frame.begin(), to.bytes.size(), to.bytes.begin());
  std::copy_n(frame.begin() + 6, from.bytes.size(), from.bytes.begin());
  return ends;
}

/// The packet type, where the link type has one (www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2).
bool is_to_other_host(int link_type, Bytes frame) {
  constexpr unsigned other_host = 3;
  Cursor in(frame);
  if (link_type == link_sll) return in.u16() == other_host;
  if (link_type != link_sll2) return false;
  in.skip(10);
  return in.u8() == other_host;
}

/// Length of the packet by the frame.
std::uint32_t on_wire(const Frame& frame, const Unwrapped& inner) {
  const std::size_t whole = std::max<std::size_t>(frame.original_length, frame.bytes.size());
  const std::size_t below = frame.bytes.size() - inner.packet.size();
  return static_cast<std::uint32_t>(whole - below);
}

}  // namespace

std::uint32_t interface_index_of(int link_type, Bytes frame) noexcept {
  if (link_type != link_sll2) return 0;
  Cursor in(frame);
  in.skip(4);
  const auto index = in.u32();
  return in.ok() ? index : 0;
}

Observation decode(const Frame& frame) noexcept {
  Observation seen;
  seen.frame = frame.id;
  seen.at = frame.at;
  seen.flow.transport = no_transport;
  seen.interface_index = interface_index_of(frame.link_type, frame.bytes);
  seen.link = link_ends_of(frame.link_type, frame.bytes);
  seen.to_other_host = is_to_other_host(frame.link_type, frame.bytes);
  const Unwrapped inner = unwrap(frame.link_type, frame.bytes);
  const auto wire = on_wire(frame, inner);
  switch (inner.network) {
    case Network::ipv4: read_ip(seen, read_ipv4(inner.packet), wire); break;
    case Network::ipv6: read_ip(seen, read_ipv6(inner.packet), wire); break;
    case Network::arp: read_arp(seen, inner.packet); break;
    case Network::none: seen.message = Unreadable{inner.why}; break;
  }
  return seen;
}

void check_data(Observation& seen, const Frame& frame) noexcept {
  auto* segment = std::get_if<TcpSegment>(&seen.message);
  if (segment == nullptr || segment->payload == 0) return;
  const Unwrapped inner = unwrap(frame.link_type, frame.bytes);
  const auto ip =
      inner.network == Network::ipv4 ? read_ipv4(inner.packet) : read_ipv6(inner.packet);
  if (ip && !ip->fragment && ip->payload.size() == ip->payload_on_wire(on_wire(frame, inner)))
    segment->bad_checksum = is_spoiled(*ip);
}

std::optional<IpPiece> piece_of(const Frame& frame) noexcept {
  const Unwrapped inner = unwrap(frame.link_type, frame.bytes);
  if (inner.network != Network::ipv4 && inner.network != Network::ipv6) return {};
  const auto ip =
      inner.network == Network::ipv4 ? read_ipv4(inner.packet) : read_ipv6(inner.packet);
  if (!ip || ip->why != nullptr || !ip->fragment) return {};
  const auto& [id, begin, last] = *ip->fragment;
  return IpPiece{id, begin, begin + ip->payload_on_wire(on_wire(frame, inner)), last};
}

}  // namespace hopblame
