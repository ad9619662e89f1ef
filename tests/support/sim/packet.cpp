#include "tests/support/sim/packet.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hopblame::sim {
namespace {

TcpSegment segment_of(const ProbeSpec& spec) {
  TcpSegment segment;
  segment.sequence = spec.sequence;
  segment.acknowledgment = spec.acknowledgment;
  segment.window = 64240;
  if (spec.question.kind == ProbeKind::ack) segment.flags = tcp_flag::ack;
  if (spec.question.kind == ProbeKind::fin) segment.flags = tcp_flag::fin;
  if (segment.flags != 0) return segment;
  segment.flags = tcp_flag::syn;
  segment.option_bytes = 20;
  segment.mss = std::uint16_t{1460};
  segment.timestamps = segment.sack_permitted = segment.window_scale = true;
  return segment;
}

Message message_of(const ProbeSpec& spec) {
  if (spec.question.kind == ProbeKind::echo)
    return IcmpEcho{false, spec.echo_identifier, spec.echo_sequence};
  if (spec.question.kind == ProbeKind::udp)
    return UdpDatagram{10, static_cast<std::uint16_t>(spec.sequence)};
  return segment_of(spec);
}

std::string flags_of(const TcpSegment& segment) {
  std::string text;
  const std::pair<std::uint8_t, char> names[] = {{tcp_flag::syn, 'S'},
                                                 {tcp_flag::fin, 'F'},
                                                 {tcp_flag::rst, 'R'},
                                                 {tcp_flag::psh, 'P'},
                                                 {tcp_flag::ack, 'A'}};
  for (const auto& [bit, letter] : names)
    if (segment.has(bit)) text += letter;
  return text.empty() ? "-" : text;
}

struct Line {
  std::string operator()(const TcpSegment& s) const {
    return fmt::format("tcp {} seq {} ack {} win {} len {}", flags_of(s), s.sequence,
                       s.acknowledgment, s.window, s.payload);
  }
  std::string operator()(const UdpDatagram& u) const { return fmt::format("udp len {}", u.length); }
  std::string operator()(const IcmpEcho& e) const {
    return fmt::format("echo {} {}/{}", e.reply ? "reply" : "request", e.identifier, e.sequence);
  }
  std::string operator()(const IcmpError& e) const {
    auto text = fmt::format("icmp {}/{}", e.type, e.code);
    if (e.quote)
      text += fmt::format(" quotes {}>{} q{} seq {} ({} bytes)", e.quote->flow.source.port,
                          e.quote->flow.destination.port, e.quote->hop_limit.value,
                          e.quote->tcp_sequence.value_or(0), e.quote->bytes);
    return text;
  }
  std::string operator()(const NeighbourMessage& n) const {
    return (n.answer ? "neighbour is " : "neighbour who-has ") + to_string(n.target);
  }
  std::string operator()(const Unreadable&) const { return "unreadable"; }
};

std::string name_of(const Endpoint& end) {
  return end.port == 0 ? to_string(end.address)
                       : fmt::format("{}.{}", to_string(end.address), end.port);
}

}  // namespace

unsigned header_bytes(Family family) { return family == Family::ipv4 ? 20 : 40; }

unsigned transport_bytes(const Packet& packet) {
  if (const auto* segment = packet.tcp())
    return 20u + segment->option_bytes + static_cast<unsigned>(packet.payload.size());
  if (const auto* udp = std::get_if<UdpDatagram>(&packet.message)) return udp->length;
  return 16;
}

Packet from_probe(const ProbeSpec& spec) {
  Packet packet;
  packet.flow = spec.flow;
  packet.hop_limit = spec.question.hop_limit.value;
  packet.traffic_class = spec.traffic_class;
  packet.dont_fragment = spec.flow.source.address.family == Family::ipv4;
  packet.ip_id_or_flow_label = packet.dont_fragment ? spec.ip_id : spec.flow.source.port;
  packet.bad_checksum = spec.question.kind == ProbeKind::syn_bad_checksum;
  packet.message = message_of(spec);
  return packet;
}

Observation observed(const Packet& packet, TimePoint at) {
  Observation seen;
  seen.at = at;
  seen.flow = packet.flow;
  seen.hop_limit = {packet.hop_limit};
  seen.traffic_class = packet.traffic_class;
  seen.ip_id_or_flow_label = packet.ip_id_or_flow_label;
  seen.dont_fragment = packet.dont_fragment && packet.flow.source.address.family == Family::ipv4;
  seen.message = packet.message;
  if (auto* segment = std::get_if<TcpSegment>(&seen.message)) {
    segment->payload = static_cast<std::uint32_t>(packet.payload.size());
    const auto kept = std::min<std::size_t>(packet.payload.size(), 64);
    segment->text.assign(packet.payload.begin(), packet.payload.begin() + static_cast<long>(kept));
  }
  return seen;
}

std::string to_line(const Observation& o, TimePoint start) {
  return fmt::format("{:>4} {:+.6f}s {} > {} ttl {} class {:#04x} id {} {}", o.frame.value,
                     seconds(o.at - start), name_of(o.flow.source), name_of(o.flow.destination),
                     o.hop_limit.value, o.traffic_class, o.ip_id_or_flow_label,
                     std::visit(Line{}, o.message));
}

}  // namespace hopblame::sim
