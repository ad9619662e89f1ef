#include "tests/support/sim/voice.hpp"

namespace hopblame::sim {
namespace {

struct Numbers {
  Reason reason;
  std::uint8_t v4_type, v4_code, v6_type, v6_code;
};

constexpr Numbers table[] = {
    {Reason::no_route, 3, 0, 1, 0},   {Reason::unreachable, 3, 1, 1, 0},
    {Reason::prohibit, 3, 13, 1, 1},  {Reason::neighbour, 3, 1, 1, 3},
    {Reason::net, 3, 0, 1, 0},        {Reason::host, 3, 1, 1, 3},
    {Reason::port, 3, 3, 1, 4},       {Reason::net_prohibited, 3, 9, 1, 1},
    {Reason::admin, 3, 13, 1, 1},     {Reason::host_prohibited, 3, 10, 1, 1},
    {Reason::hop_limit, 11, 0, 3, 0}, {Reason::too_big, 3, 4, 2, 0},
};

IcmpError error_of(Reason reason, Family family) {
  IcmpError error;
  for (const auto& row : table) {
    if (row.reason != reason) continue;
    error.type = family == Family::ipv4 ? row.v4_type : row.v6_type;
    error.code = family == Family::ipv4 ? row.v4_code : row.v6_code;
  }
  return error;
}

double burst_of(Family family) { return family == Family::ipv4 ? 6 : 11; }
double refill_of(Family family) { return family == Family::ipv4 ? 1 : 10; }

std::uint32_t occupied(const TcpSegment& segment, std::size_t payload) {
  return static_cast<std::uint32_t>(payload) + segment.has(tcp_flag::syn) +
         segment.has(tcp_flag::fin);
}

/// ip_error of Linux lets no more add up (ip_rt_error_burst).
constexpr double route_error_burst = 5;

bool routing(Reason reason) {
  return reason == Reason::no_route || reason == Reason::unreachable || reason == Reason::prohibit;
}

}  // namespace

Voice::Voice(const Box& box, World& world)
    : box_(box),
      world_(world),
      limit_(box.burst.value_or(burst_of(world.family)),
             box.refill.value_or(refill_of(world.family)),
             box.limit_left.value_or(std::numeric_limits<double>::infinity())),
      next_id_(world.word() & 0x7fff),
      label_(world.word() & 0xfffff) {}

Packet Voice::answer(const Packet& cause, std::uint8_t hop_limit) {
  Packet packet;
  packet.flow = cause.flow.reversed();
  packet.hop_limit = hop_limit;
  if (world_.family == Family::ipv6) packet.ip_id_or_flow_label = (world_.word() & 0xffffe) + 1;
  return packet;
}

std::optional<Packet> Voice::reset(const Packet& cause, Maker maker) {
  const auto* asked = cause.tcp();
  if (asked == nullptr || asked->is_reset()) return {};
  auto packet = answer(cause, box_.reset_ttl);
  packet.traffic_class = maker == Maker::kernel && box_.echoes_class ? cause.traffic_class : 0;
  // pf fills in an IPv6 header of its own, with neither class nor label (pf.c, pf_send_tcp).
  const bool v6 = world_.family == Family::ipv6;
  if (maker == Maker::pf) packet.traffic_class = v6 ? 0 : 0x10;
  if (maker == Maker::netfilter || (maker == Maker::pf && v6)) packet.ip_id_or_flow_label = 0;
  TcpSegment segment;
  segment.flags = tcp_flag::rst;
  const bool acked = asked->has(tcp_flag::ack);
  if (acked) segment.sequence = asked->acknowledgment;
  if (!acked || maker == Maker::pf) {
    segment.flags |= tcp_flag::ack;
    segment.acknowledgment = asked->sequence + occupied(*asked, cause.payload.size());
  }
  packet.message = segment;
  return packet;
}

Quote Voice::quote(const Packet& cause) const {
  Quote quote;
  quote.flow = cause.flow;
  quote.hop_limit = {cause.hop_limit};
  quote.traffic_class = cause.traffic_class;
  quote.ip_id_or_flow_label = cause.ip_id_or_flow_label;
  const auto all = transport_bytes(cause);
  const auto kept = box_.quote == 0 ? all : std::min(all, box_.quote);
  quote.bytes = static_cast<std::uint16_t>(header_bytes(world_.family) + kept);
  if (const auto* segment = cause.tcp()) {
    quote.tcp_sequence = segment->sequence;
    if (kept >= 14) quote.tcp_flags = segment->flags;
  }
  if (const auto* udp = std::get_if<UdpDatagram>(&cause.message))
    quote.udp_checksum = udp->checksum;
  if (const auto* echo = std::get_if<IcmpEcho>(&cause.message)) {
    quote.echo_identifier = echo->identifier;
    quote.echo_sequence = echo->sequence;
  }
  return quote;
}

Packet Voice::icmp_packet(const Packet& cause, Reason reason, IpAddress from) {
  auto packet = answer(cause, box_.icmp_ttl);
  packet.flow = {world_.icmp(), {from, 0}, {cause.flow.source.address, 0}};
  auto error = error_of(reason, world_.family);
  error.quote = quote(cause);
  if (reason == Reason::too_big) error.mtu = box_.mtu;
  packet.message = error;
  return packet;
}

std::optional<Packet> Voice::icmp(const Packet& cause, Reason reason, IpAddress from) {
  if (std::holds_alternative<IcmpError>(cause.message)) return {};
  const auto now = world_.agenda.now();
  const bool twice = world_.family == Family::ipv4 && routing(reason) && !box_.burst;
  if (twice && !limit_.take(now, route_error_burst)) return {};
  if (!limit_.take(now)) return {};
  auto packet = icmp_packet(cause, reason, from);
  packet.dont_fragment = false;
  packet.ip_id_or_flow_label = label_;
  if (world_.family == Family::ipv4) {
    packet.ip_id_or_flow_label = next_id_++ % 0xffff + 1;
    packet.traffic_class = static_cast<std::uint8_t>(0xc0 | (cause.traffic_class & 0x1e));
  }
  return packet;
}

Packet Voice::forged_icmp(const Packet& cause, Reason reason) {
  auto packet = icmp_packet(cause, reason, cause.flow.destination.address);
  packet.ip_id_or_flow_label = 0;
  return packet;
}

std::optional<Packet> Voice::obey(const Rule& rule, const Packet& cause, IpAddress from) {
  if (rule.action == Action::careless_reset) return reset(cause, Maker::netfilter);
  if (rule.action == Action::drop || cause.bad_checksum) return {};
  if (rule.action == Action::reset) return reset(cause, Maker::netfilter);
  if (rule.action == Action::pf_reset) return reset(cause, Maker::pf);
  if (rule.hook == Hook::ingress) return forged_icmp(cause, rule.reason);
  return icmp(cause, rule.reason, from);
}

}  // namespace hopblame::sim
