#include "tests/capture/packets.hpp"

#include <fmt/format.h>

namespace hopblame::test {
namespace {

using Tins::ICMP;
using Tins::ICMPv6;
using Tins::IP;
using Tins::IPv6;
using Tins::TCP;
using Tins::UDP;

Packet u16(unsigned value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

Packet labels(std::initializer_list<unsigned> values) {
  Packet out;
  std::size_t left = values.size();
  for (const unsigned value : values) {
    const unsigned word = value << 12 | (--left == 0 ? 0x100u : 0u) | 64;
    out = out + u16(word >> 16) + u16(word & 0xffff);
  }
  return out;
}

Packet serialized(Tins::PDU&& pdu) { return pdu.serialize(); }

TCP segment(std::uint16_t flags) {
  TCP tcp(22, 40001);
  tcp.seq(0xfedcba98);
  tcp.ack_seq(0x89abcdf0);
  tcp.window(64240);
  tcp.flags(Tins::small_uint<12>(flags));
  return tcp;
}

Packet echo_v4(ICMP::Flags kind) {
  ICMP icmp(kind);
  icmp.id(0x1234);
  icmp.sequence(7);
  return serialized(ipv4(client, server) / icmp / Tins::RawPDU("ping"));
}

Packet echo_v6(ICMPv6::Types kind) {
  ICMPv6 icmp(kind);
  icmp.identifier(0x1234);
  icmp.sequence(7);
  return serialized(ipv6(client6, server6) / icmp / Tins::RawPDU("ping"));
}

Packet neighbour(ICMPv6::Types kind) {
  ICMPv6 icmp(kind);
  icmp.target_addr(server6);
  return serialized(ipv6(client6, server6) / icmp);
}

Packet arp(Tins::ARP::Flags operation) {
  Tins::ARP pdu(server, client, "02:00:00:00:00:02", "02:00:00:00:00:01");
  pdu.opcode(operation);
  return serialized(Tins::EthernetII("02:00:00:00:00:02", "02:00:00:00:00:01") / pdu);
}

Packet wifi_header(unsigned subtype, unsigned flags) {
  Packet out{static_cast<std::uint8_t>(0x08 | subtype << 4), static_cast<std::uint8_t>(flags)};
  return out + Packet(20, 0x02) + Packet(2, 0);  // fragment number 0
}

Packet snap(unsigned ether_type) { return Packet{0xaa, 0xaa, 0x03, 0, 0, 0} + u16(ether_type); }

}  // namespace

Packet tcp_segment(std::uint16_t source, std::uint16_t destination, const Packet& options,
                   const std::string& text) {
  TCP tcp(destination, source);
  Packet packet = serialized(ipv4(server, client) / tcp / Tins::RawPDU(text));
  packet.insert(packet.begin() + 40, options.begin(), options.end());
  packet[3] = static_cast<std::uint8_t>(packet.size());
  packet[32] = static_cast<std::uint8_t>((5 + options.size() / 4) << 4);
  return packet;
}

Packet operator+(Packet left, const Packet& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

std::string hex(const Packet& bytes) {
  std::string out;
  for (const auto byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

Frame frame_of(int link_type, const Packet& bytes) {
  return {FrameId{1}, TimePoint{}, link_type, static_cast<std::uint32_t>(bytes.size()), bytes};
}

Tins::TCP syn() {
  TCP tcp(22, 40001);
  tcp.seq(0xfedcba98);
  tcp.window(64240);
  tcp.flags(TCP::SYN);
  tcp.mss(1460);
  tcp.sack_permitted();
  tcp.timestamp(111, 0);
  tcp.winscale(7);
  return tcp;
}

Tins::IP ipv4(const char* source, const char* destination) {
  IP ip(destination, source);
  ip.ttl(61);
  ip.tos(0x48);
  ip.id(0xbeef);
  ip.flags(IP::DONT_FRAGMENT);
  return ip;
}

Tins::IPv6 ipv6(const char* source, const char* destination) {
  IPv6 ip(destination, source);
  ip.hop_limit(61);
  ip.traffic_class(0x48);
  ip.flow_label(Tins::small_uint<20>(0xabcde));
  return ip;
}

Packet syn_v4() { return serialized(ipv4(client, server) / syn()); }
Packet syn_v6() { return serialized(ipv6(client6, server6) / syn()); }

Packet icmp_error_v4(std::uint8_t type, std::uint8_t code, const Packet& quoted, std::size_t kept) {
  ICMP icmp(static_cast<ICMP::Flags>(type));
  icmp.code(code);
  const auto size = static_cast<std::uint32_t>(std::min(kept, quoted.size()));
  return serialized(ipv4(router, client) / icmp / Tins::RawPDU(quoted.data(), size));
}

Packet icmp_error_v6(std::uint8_t type, std::uint8_t code, const Packet& quoted, std::size_t kept) {
  ICMPv6 icmp(static_cast<ICMPv6::Types>(type));
  icmp.code(code);
  const auto size = static_cast<std::uint32_t>(std::min(kept, quoted.size()));
  return serialized(ipv6(router6, client6) / icmp / Tins::RawPDU(quoted.data(), size));
}

/// Of macOS; its length, "a packet", and the link type of what follows.
Packet pktap(std::uint8_t link_type) {
  constexpr std::size_t length = 156;
  return Packet{length, 0, 0, 0, 1, 0, 0, 0, link_type, 0, 0, 0, 'e', 'n', '0'} +
         Packet(length - 15, 0);
}

std::vector<Named> in_every_link_layer(const Packet& ip, std::uint16_t ether_type) {
  const bool v4 = ether_type == 0x0800;
  const Packet type = u16(ether_type), ppp = v4 ? u16(0x0021) : u16(0x0057), macs(12, 0x02);
  const std::uint8_t family = v4 ? 2 : 30;
  const Packet pppoe = Packet{0x11, 0x00, 0x00, 0x01} + u16(static_cast<unsigned>(ip.size() + 2));
  const Packet radiotap{0, 0, 9, 0, 2, 0, 0, 0, 0}, padded{0, 0, 9, 0, 2, 0, 0, 0, 0x20};
  const Packet with_time =
      Packet{0, 0, 25, 0, 3, 0, 0, 0x80, 0, 0, 0, 0} + Packet(12, 0) + Packet{0x20};
  return {
      {"ethernet", 1, macs + type + ip},
      {"ethernet with trailer", 1, macs + type + ip + Packet(17, 0xee)},
      {"802.3 with SNAP", 1,
       macs + u16(static_cast<unsigned>(ip.size() + 8)) + snap(ether_type) + ip},
      {"VLAN", 1, macs + u16(0x8100) + u16(42) + type + ip},
      {"QinQ", 1, macs + u16(0x88a8) + u16(42) + u16(0x8100) + u16(7) + type + ip},
      {"MPLS", 1, macs + u16(0x8847) + labels({100, 200, 300}) + ip},
      {"PPPoE", 1, macs + u16(0x8864) + pppoe + ppp + ip},
      {"PPPoE in VLAN", 1, macs + u16(0x8100) + u16(42) + u16(0x8864) + pppoe + ppp + ip},
      {"raw 101", 101, ip},
      {"raw 12", 12, ip},
      {v4 ? "ipv4" : "ipv6", v4 ? 228 : 229, ip},
      {"linux cooked", 113, Packet{0, 0, 0, 1, 0, 6} + Packet(8, 2) + type + ip},
      {"linux cooked 2", 276, type + Packet(2, 0) + Packet(16, 1) + ip},
      {"linux cooked 2 with VLAN", 276,
       u16(0x8100) + Packet(2, 0) + Packet(16, 1) + u16(42) + type + ip},
      {"null, little endian", 0, Packet{family, 0, 0, 0} + ip},
      {"null, big endian", 0, Packet{0, 0, 0, family} + ip},
      {"loop", 108, Packet{0, 0, 0, family} + ip},
      {"PPP", 9, Packet{0xff, 0x03} + ppp + ip},
      {"PPP without address", 9, ppp + ip},
      {"PPP with short protocol", 9, Packet{ppp[1]} + ip},
      {"PPP with MPLS", 9, u16(0x0281) + Packet{0, 1, 0x01, 64} + ip},
      {"PPP in HDLC", 50, Packet{0xff, 0x03} + ppp + ip},
      {"PPP in HDLC is Cisco HDLC", 50, Packet{0x0f, 0x00} + type + ip},
      {"PPPoE alone", 51, pppoe + ppp + ip},
      {"Cisco HDLC", 104, Packet{0x0f, 0x00} + type + ip},
      {"Wi-Fi", 105, wifi_header(0, 1) + snap(ether_type) + ip},
      {"Wi-Fi with QoS", 105, wifi_header(8, 2) + u16(0) + snap(ether_type) + ip},
      {"Wi-Fi with four addresses", 105, wifi_header(0, 3) + Packet(6, 2) + snap(ether_type) + ip},
      {"radiotap", 127, radiotap + wifi_header(0, 1) + snap(ether_type) + ip},
      {"radiotap with checksum", 127,
       radiotap + wifi_header(0, 1) + snap(ether_type) + ip + Packet(4, 0xfc)},
      {"radiotap with padded header", 127,
       padded + wifi_header(8, 2) + u16(0) + u16(0) + snap(ether_type) + ip},
      {"radiotap with time and two words", 127,
       with_time + wifi_header(8, 2) + u16(0) + u16(0) + snap(ether_type) + ip},
      {"PKTAP of Ethernet", 258, pktap(1) + macs + type + ip},
      {"PKTAP of a tunnel", 258, pktap(0) + Packet{family, 0, 0, 0} + ip},
  };
}

std::vector<Named> golden_packets() {
  const Packet syn4 = syn_v4(), syn6 = syn_v6();
  std::vector<Named> all = in_every_link_layer(syn4, 0x0800);
  for (auto& packet : in_every_link_layer(syn6, 0x86dd)) all.push_back(std::move(packet));
  const auto add = [&all](const char* name, Packet bytes) { all.push_back({name, raw, bytes}); };
  add("RST/ACK", serialized(ipv4(server, client) / segment(TCP::RST | TCP::ACK)));
  add("data", serialized(ipv4(server, client) / segment(TCP::PSH | TCP::ACK) /
                         Tins::RawPDU("SSH-2.0-OpenSSH_9.2p1\r\n")));
  add("UDP", serialized(ipv4(client, server) / UDP(33434, 40001) / Tins::RawPDU("abcd")));
  add("UDP in IPv6", serialized(ipv6(client6, server6) / UDP(33434, 40001) / Tins::RawPDU("ab")));
  add("echo", echo_v4(ICMP::ECHO_REQUEST));
  add("echo reply", echo_v4(ICMP::ECHO_REPLY));
  add("echo in ICMPv6", echo_v6(ICMPv6::ECHO_REQUEST));
  add("neighbour solicitation", neighbour(ICMPv6::NEIGHBOUR_SOLICIT));
  add("neighbour advertisement", neighbour(ICMPv6::NEIGHBOUR_ADVERT));
  add("time exceeded, 28 bytes", icmp_error_v4(11, 0, syn4, 28));
  add("time exceeded, whole", icmp_error_v4(11, 0, syn4, 1500));
  add("unreachable about UDP",
      icmp_error_v4(3, 3, serialized(ipv4(client, server) / UDP(33434, 40001)), 28));
  add("unreachable about echo", icmp_error_v4(3, 1, echo_v4(ICMP::ECHO_REQUEST), 28));
  add("ICMPv6 time exceeded", icmp_error_v6(3, 0, syn6, 1200));
  add("ICMPv6 prohibited about echo", icmp_error_v6(1, 1, echo_v6(ICMPv6::ECHO_REQUEST), 48));
  all.push_back({"ARP request", 1, arp(Tins::ARP::REQUEST)});
  all.push_back({"ARP reply", 1, arp(Tins::ARP::REPLY)});
  return all;
}

}  // namespace hopblame::test
