#include "tests/analysis/trace_packets.hpp"

namespace hopblame::trace {
namespace {

constexpr std::uint32_t peer_sequence = 7'000'000;

std::uint8_t tcp_flags(ProbeKind kind) {
  if (kind == ProbeKind::ack) return tcp_flag::ack;
  return kind == ProbeKind::fin ? tcp_flag::fin : tcp_flag::syn;
}

bool is_tcp(const ProbeSpec& spec) { return spec.flow.transport == Transport::tcp; }

std::uint16_t udp_checksum(const ProbeSpec& spec) {
  return static_cast<std::uint16_t>(0x1000 + spec.id.value);
}

}  // namespace

Message message_of(const ProbeSpec& spec) {
  if (spec.question.kind == ProbeKind::echo)
    return IcmpEcho{false, spec.echo_identifier, spec.echo_sequence};
  if (spec.question.kind == ProbeKind::udp) return UdpDatagram{12, udp_checksum(spec)};
  TcpSegment segment;
  segment.sequence = spec.sequence;
  segment.acknowledgment = spec.acknowledgment;
  segment.flags = tcp_flags(spec.question.kind);
  segment.window = 64240;
  return segment;
}

TcpSegment answer_to(const ProbeSpec& asked, const std::string& kind) {
  TcpSegment segment;
  segment.acknowledgment = asked.sequence + 1;
  if (kind == "rst-ack") {
    segment.flags = tcp_flag::rst | tcp_flag::ack;
    if (asked.question.kind == ProbeKind::ack) {  // as pf does
      segment.sequence = asked.acknowledgment;
      segment.acknowledgment = asked.sequence;
    }
  } else if (kind == "rst") {
    segment.flags = tcp_flag::rst;
    segment.sequence = asked.acknowledgment;
    segment.acknowledgment = 0;
  } else if (kind == "syn-ack") {
    segment.flags = tcp_flag::syn | tcp_flag::ack;
    segment.sequence = peer_sequence;
    segment.window = 65160;
    segment.mss = 1460;
    segment.option_bytes = 20;
    segment.timestamps = segment.sack_permitted = segment.window_scale = true;
  } else {
    segment.flags = tcp_flag::ack;
    segment.sequence = peer_sequence + 1;
    if (kind == "fin") segment.flags |= tcp_flag::fin;
    if (kind == "data") segment.payload = 20;
  }
  return segment;
}

Quote quote_of(const ProbeSpec& asked) {
  Quote quote;
  quote.flow = asked.flow;
  quote.hop_limit = {1};
  quote.traffic_class = asked.traffic_class;
  quote.ip_id_or_flow_label = asked.ip_id;
  quote.bytes = 60;
  if (is_tcp(asked)) {
    quote.tcp_sequence = asked.sequence;
    quote.tcp_flags = tcp_flags(asked.question.kind);
  } else if (asked.question.kind == ProbeKind::udp) {
    quote.udp_checksum = udp_checksum(asked);
  } else {
    quote.echo_identifier = asked.echo_identifier;
    quote.echo_sequence = asked.echo_sequence;
  }
  return quote;
}

}  // namespace hopblame::trace
