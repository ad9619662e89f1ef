#include "capture/craft.hpp"

#include <tins/tins.h>

#include <memory>

namespace hopblame {
namespace {

constexpr std::uint16_t linux_window = 64240;

std::uint32_t mixed_ports(const Flow& flow) {
  const auto ports = static_cast<std::uint32_t>(flow.source.port) << 16 | flow.destination.port;
  return (ports ^ 0x5bd1e995U) * 2654435761U;
}

/// In the order of Linux: MSS, SACK permitted, timestamps, NOP, window scale.
void add_linux_options(Tins::TCP& tcp, const ProbeSpec& spec) {
  tcp.mss(spec.flow.source.address.family == Family::ipv4 ? 1460 : 1440);
  tcp.sack_permitted();
  tcp.timestamp((mixed_ports(spec.flow) >> 2) + spec.id.value, 0);
  tcp.add_option(Tins::TCP::option(Tins::TCP::NOP));
  tcp.winscale(7);
}

std::unique_ptr<Tins::PDU> make_segment(const ProbeSpec& spec) {
  auto tcp = std::make_unique<Tins::TCP>(spec.flow.destination.port, spec.flow.source.port);
  tcp->seq(spec.sequence);
  tcp->window(linux_window);
  switch (spec.question.kind) {
    case ProbeKind::ack:
      tcp->flags(Tins::TCP::ACK);
      tcp->ack_seq(spec.acknowledgment);
      break;
    case ProbeKind::fin: tcp->flags(Tins::TCP::FIN); break;
    default: tcp->flags(Tins::TCP::SYN); add_linux_options(*tcp, spec);
  }
  return tcp;
}

constexpr std::uint32_t echo_payload = 8;

std::unique_ptr<Tins::PDU> make_echo4(const ProbeSpec& spec) {
  auto echo = std::make_unique<Tins::ICMP>(Tins::ICMP::ECHO_REQUEST);
  echo->id(spec.echo_identifier);
  echo->sequence(spec.echo_sequence);
  echo->inner_pdu(Tins::RawPDU(std::vector<std::uint8_t>(echo_payload, 0)));
  return echo;
}

std::unique_ptr<Tins::PDU> make_echo6(const ProbeSpec& spec) {
  auto echo = std::make_unique<Tins::ICMPv6>(Tins::ICMPv6::ECHO_REQUEST);
  echo->identifier(spec.echo_identifier);
  echo->sequence(spec.echo_sequence);
  echo->inner_pdu(Tins::RawPDU(std::vector<std::uint8_t>(echo_payload, 0)));
  return echo;
}

std::unique_ptr<Tins::PDU> make_datagram(const ProbeSpec& spec) {
  auto udp = std::make_unique<Tins::UDP>(spec.flow.destination.port, spec.flow.source.port);
  udp->inner_pdu(Tins::RawPDU(std::vector<std::uint8_t>(2, 0)));
  return udp;
}

std::unique_ptr<Tins::PDU> make_payload(const ProbeSpec& spec) {
  switch (spec.question.kind) {
    case ProbeKind::udp: return make_datagram(spec);
    case ProbeKind::echo:
      return spec.flow.transport == Transport::icmp6 ? make_echo6(spec) : make_echo4(spec);
    default: return make_segment(spec);
  }
}

std::vector<std::uint8_t> in_ipv4(const ProbeSpec& spec, const Tins::PDU& payload) {
  Tins::IP ip(Tins::IPv4Address(to_string(spec.flow.destination.address)),
              Tins::IPv4Address(to_string(spec.flow.source.address)));
  ip.ttl(spec.question.hop_limit.value);
  ip.tos(spec.traffic_class);
  ip.id(spec.ip_id);
  ip.flags(Tins::IP::DONT_FRAGMENT);
  ip.inner_pdu(payload);
  return ip.serialize();
}

std::vector<std::uint8_t> in_ipv6(const ProbeSpec& spec, const Tins::PDU& payload) {
  Tins::IPv6 ip(Tins::IPv6Address(to_string(spec.flow.destination.address)),
                Tins::IPv6Address(to_string(spec.flow.source.address)));
  ip.hop_limit(spec.question.hop_limit.value);
  ip.traffic_class(spec.traffic_class);
  ip.flow_label(flow_label_of(spec.flow));
  ip.inner_pdu(payload);
  return ip.serialize();
}

std::uint16_t read16(const std::vector<std::uint8_t>& bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes.at(at) << 8 | bytes.at(at + 1));
}

void write16(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint16_t value) {
  bytes.at(at) = static_cast<std::uint8_t>(value >> 8);
  bytes.at(at + 1) = static_cast<std::uint8_t>(value & 0xff);
}

/// libtins always writes a right checksum; 0x5555 apart is wrong in one's complement too.
void spoil_tcp_checksum(std::vector<std::uint8_t>& bytes, std::size_t transport_at) {
  const auto right = read16(bytes, transport_at + 16);
  write16(bytes, transport_at + 16, static_cast<std::uint16_t>(right ^ 0x5555));
}

/// Puts into the payload what changes the checksum from what it is to `wanted` (RFC 1624): with a
/// payload of zero it is ~S, and with w it is ~(S + w), so w = ~wanted + checksum.
void choose_udp_checksum(std::vector<std::uint8_t>& bytes, std::size_t transport_at,
                         std::uint16_t wanted) {
  const auto now = read16(bytes, transport_at + 6);
  const std::uint32_t sum = static_cast<std::uint16_t>(~wanted) + std::uint32_t{now};
  write16(bytes, transport_at + 8, static_cast<std::uint16_t>((sum & 0xffff) + (sum >> 16)));
  write16(bytes, transport_at + 6, wanted);
}

}  // namespace

std::uint32_t flow_label_of(const Flow& flow) {
  const auto label = mixed_ports(flow) >> 12;
  return label == 0 ? 1 : label;
}

std::vector<std::uint8_t> craft(const ProbeSpec& spec) {
  const bool ipv4 = spec.flow.destination.address.family == Family::ipv4;
  const auto payload = make_payload(spec);
  auto bytes = ipv4 ? in_ipv4(spec, *payload) : in_ipv6(spec, *payload);
  const std::size_t transport_at = ipv4 ? 20 : 40;
  if (spec.question.kind == ProbeKind::syn_bad_checksum) spoil_tcp_checksum(bytes, transport_at);
  if (spec.question.kind == ProbeKind::udp)
    choose_udp_checksum(bytes, transport_at, udp_checksum_for(spec.sequence));
  return bytes;
}

}  // namespace hopblame
