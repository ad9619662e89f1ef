// Our decoder against libtins, on whole packets.
#include <random>

#include <fmt/format.h>

#include "tests/capture/packets.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

/// What both readings are reduced to; one line per packet, empty fields where there is nothing.
struct Line {
  std::string source, destination;
  unsigned hop_limit = 0;
  std::string detail;
  bool operator==(const Line&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Line& line) {
  return out << line.source << " > " << line.destination << " hop limit " << line.hop_limit << " "
             << line.detail;
}

std::string tcp_detail(unsigned source, unsigned destination, std::uint32_t sequence,
                       std::uint32_t acknowledgment, unsigned flags, unsigned window) {
  return fmt::format("tcp {} {} seq {} ack {} flags {:#x} win {}", source, destination, sequence,
                     acknowledgment, flags, window);
}

std::string icmp_detail(unsigned type, unsigned code) {
  return fmt::format("icmp {}/{}", type, code);
}

struct Detail {
  const Flow& flow;
  std::string operator()(const TcpSegment& tcp) const {
    return tcp_detail(flow.source.port, flow.destination.port, tcp.sequence, tcp.acknowledgment,
                      tcp.flags, tcp.window);
  }
  std::string operator()(const UdpDatagram& udp) const {
    return fmt::format("udp {} {} length {}", flow.source.port, flow.destination.port, udp.length);
  }
  std::string operator()(const IcmpEcho& echo) const {
    const bool v6 = flow.transport == Transport::icmp6;
    return icmp_detail(v6 ? (echo.reply ? 129 : 128) : (echo.reply ? 0 : 8), 0) +
           fmt::format(" id {} seq {}", echo.identifier, echo.sequence);
  }
  std::string operator()(const IcmpError& error) const {
    return icmp_detail(error.type, error.code);
  }
  std::string operator()(const NeighbourMessage&) const { return "neighbour"; }
  std::string operator()(const Unreadable& unreadable) const { return unreadable.why; }
};

Line ours(const Packet& bytes) {
  const Observation seen = decoded(raw, bytes);
  return {to_string(seen.flow.source.address), to_string(seen.flow.destination.address),
          seen.hop_limit.value, std::visit(Detail{seen.flow}, seen.message)};
}

std::string transport_of(const Tins::PDU& packet) {
  if (const auto* tcp = packet.find_pdu<Tins::TCP>())
    return tcp_detail(tcp->sport(), tcp->dport(), tcp->seq(), tcp->ack_seq(), tcp->flags() & 0xff,
                      tcp->window());
  if (const auto* udp = packet.find_pdu<Tins::UDP>())
    return fmt::format("udp {} {} length {}", udp->sport(), udp->dport(), udp->length());
  if (const auto* icmp = packet.find_pdu<Tins::ICMP>()) {
    const bool echo = icmp->type() == 8 || icmp->type() == 0;
    return icmp_detail(icmp->type(), icmp->code()) +
           (echo ? fmt::format(" id {} seq {}", icmp->id(), icmp->sequence()) : "");
  }
  if (const auto* icmp = packet.find_pdu<Tins::ICMPv6>()) {
    const bool echo = icmp->type() == 128 || icmp->type() == 129;
    return icmp_detail(icmp->type(), icmp->code()) +
           (echo ? fmt::format(" id {} seq {}", icmp->identifier(), icmp->sequence()) : "");
  }
  return "";
}

Line libtins(const Packet& bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  if (bytes[0] >> 4 == 4) {
    const Tins::IP ip(bytes.data(), size);
    return {ip.src_addr().to_string(), ip.dst_addr().to_string(), ip.ttl(), transport_of(ip)};
  }
  const Tins::IPv6 ip(bytes.data(), size);
  return {ip.src_addr().to_string(), ip.dst_addr().to_string(), ip.hop_limit(), transport_of(ip)};
}

/// Packets with every field drawn at random, always the same ones.
class RandomPackets {
 public:
  Packet next() {
    const bool v4 = draw(2) == 0;
    switch (draw(3)) {
      case 0: return over_ip(v4, tcp());
      case 1: return over_ip(v4, udp());
      default: return v4 ? over_ip(true, icmp()) : over_ip(false, icmp6());
    }
  }

 private:
  std::uint32_t number() { return static_cast<std::uint32_t>(random_()); }
  unsigned draw(unsigned below) { return number() % below; }
  std::uint16_t word() { return static_cast<std::uint16_t>(number()); }
  std::uint8_t octet() { return static_cast<std::uint8_t>(number()); }

  template <class Pdu>
  Packet over_ip(bool v4, const Pdu& pdu) {
    const Tins::RawPDU payload(std::string(draw(100), 'p'));
    if (!v4) {
      Tins::IPv6 ip = ipv6(client6, server6);
      ip.hop_limit(octet());
      ip.traffic_class(octet());
      return (ip / pdu / payload).serialize();
    }
    Tins::IP ip = ipv4(client, server);
    ip.src_addr(Tins::IPv4Address(number()));
    ip.ttl(octet());
    ip.id(word());
    return (ip / pdu / payload).serialize();
  }

  Tins::TCP tcp() {
    Tins::TCP tcp(word(), word());
    tcp.seq(number());
    tcp.ack_seq(number());
    tcp.window(word());
    tcp.flags(Tins::small_uint<12>(octet()));
    if (draw(2) == 0) tcp.mss(word());
    if (draw(2) == 0) tcp.sack_permitted();
    if (draw(2) == 0) tcp.timestamp(number(), number());
    if (draw(2) == 0) tcp.winscale(octet());
    return tcp;
  }

  Tins::UDP udp() { return Tins::UDP(word(), word()); }

  Tins::ICMP icmp() {
    Tins::ICMP icmp(draw(2) == 0 ? Tins::ICMP::ECHO_REQUEST : Tins::ICMP::ECHO_REPLY);
    icmp.id(word());
    icmp.sequence(word());
    return icmp;
  }

  Tins::ICMPv6 icmp6() {
    Tins::ICMPv6 icmp(draw(2) == 0 ? Tins::ICMPv6::ECHO_REQUEST : Tins::ICMPv6::ECHO_REPLY);
    icmp.identifier(word());
    icmp.sequence(word());
    return icmp;
  }

  std::mt19937 random_{20260101};
};

std::vector<Named> golden_ip() {
  std::vector<Named> packets = golden_packets();
  std::erase_if(packets, [](const Named& packet) {
    return packet.link_type != raw || packet.name.starts_with("neighbour");
  });
  return packets;
}

}  // namespace

TEST_CASE("libtins reads the golden packets as we do", "[oracle]") {
  for (const Named& packet : golden_ip()) {
    INFO(packet.name);
    CHECK(ours(packet.bytes) == libtins(packet.bytes));
  }
}

TEST_CASE("libtins reads 20 000 random packets as we do", "[oracle]") {
  RandomPackets random;
  for (int i = 0; i < 20'000; ++i) {
    const Packet packet = random.next();
    INFO(hex(packet));
    REQUIRE(ours(packet) == libtins(packet));
  }
}

TEST_CASE("where libtins can read a packet with a flipped bit, we read the same", "[oracle]") {
  int compared = 0;
  for (const Named& packet : golden_ip()) {
    for (std::size_t bit = 8; bit < packet.bytes.size() * 8; ++bit) {
      Packet flipped = packet.bytes;
      flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      const Observation seen = decoded(raw, flipped);
      if (!std::holds_alternative<TcpSegment>(seen.message)) continue;
      INFO(packet.name << " bit " << bit << ": " << hex(flipped));
      try {
        const Line theirs = libtins(flipped);
        if (theirs.detail.empty()) continue;  // libtins leaves first fragments alone
        CHECK(ours(flipped) == theirs);
        ++compared;
      } catch (const Tins::exception_base&) {
      }
    }
  }
  CHECK(compared > 1000);
}
