#include "capture/craft.hpp"

#include <tins/tins.h>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

ProbeSpec spec_of(ProbeKind kind, Family family) {
  const bool v4 = family == Family::ipv4;
  ProbeSpec spec;
  spec.id = {7};
  spec.question = {kind, Aim::target, 0, HopLimit{5}};
  spec.flow.source.address = *IpAddress::parse(v4 ? "192.0.2.7" : "2001:db8::7");
  spec.flow.destination.address = *IpAddress::parse(v4 ? "203.0.113.10" : "2001:db8:1::10");
  spec.flow.transport = Transport::tcp;
  if (kind == ProbeKind::udp) spec.flow.transport = Transport::udp;
  if (kind == ProbeKind::echo) {
    spec.flow.transport = v4 ? Transport::icmp : Transport::icmp6;
  } else {
    spec.flow.source.port = 40001;
    spec.flow.destination.port = 22;
  }
  spec.sequence = 0xdeadbeef;
  if (kind == ProbeKind::ack) spec.acknowledgment = 0x01020304;
  spec.ip_id = 0x1234;
  spec.echo_identifier = 0xdead;
  spec.echo_sequence = 0xbeef;
  return spec;
}

std::uint32_t add_words(std::uint32_t sum, std::span<const std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += 2)
    sum += static_cast<std::uint32_t>(bytes[i] << 8 | (i + 1 < bytes.size() ? bytes[i + 1] : 0));
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

/// RFC 1071 over pseudo header (none for ICMPv4) and transport: 0xffff when the checksum is right.
std::uint32_t transport_sum(const std::vector<std::uint8_t>& packet, Transport transport) {
  const std::span all(packet);
  const bool v4 = packet[0] >> 4 == 4;
  const auto body = all.subspan(v4 ? 20 : 40);
  std::uint32_t sum = 0;
  if (transport != Transport::icmp) {
    sum = add_words(sum, v4 ? all.subspan(12, 8) : all.subspan(8, 32));
    sum += static_cast<std::uint32_t>(body.size()) + static_cast<std::uint32_t>(transport);
  }
  return add_words(sum, body);
}

constexpr ProbeKind kinds[] = {ProbeKind::syn,  ProbeKind::ack,
                               ProbeKind::fin,  ProbeKind::syn_bad_checksum,
                               ProbeKind::echo, ProbeKind::udp};

}  // namespace

TEST_CASE("every probe has right checksums, but the one that must not") {
  const auto kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const auto spec = spec_of(kind, family);
  const auto packet = craft(spec);
  INFO(to_string(kind) << " over " << to_string(family));
  if (family == Family::ipv4) {
    CHECK(add_words(0, std::span(packet).first(20)) == 0xffff);
  }
  CHECK((transport_sum(packet, spec.flow.transport) == 0xffff) ==
        (kind != ProbeKind::syn_bad_checksum));
}

TEST_CASE("the IPv4 header carries hop limit, class, identification and DF") {
  const auto kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
  const auto packet = craft(spec_of(kind, Family::ipv4));
  const Tins::IP ip(packet.data(), static_cast<std::uint32_t>(packet.size()));
  CHECK(ip.tot_len() == packet.size());
  CHECK(ip.ttl() == 5);
  CHECK(ip.tos() == 0x48);
  CHECK(ip.id() == 0x1234);
  CHECK(ip.flags() == Tins::IP::DONT_FRAGMENT);
  CHECK(ip.src_addr().to_string() == "192.0.2.7");
  CHECK(ip.dst_addr().to_string() == "203.0.113.10");
}

TEST_CASE("the IPv6 header carries hop limit, class and the flow's label") {
  const auto kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
  auto spec = spec_of(kind, Family::ipv6);
  const auto packet = craft(spec);
  const Tins::IPv6 ip(packet.data(), static_cast<std::uint32_t>(packet.size()));
  CHECK(ip.payload_length() + 40u == packet.size());
  CHECK(ip.hop_limit() == 5);
  CHECK(ip.traffic_class() == 0x48);
  CHECK(ip.flow_label() == flow_label_of(spec.flow));
  CHECK(ip.flow_label() != 0);
  spec.sequence += 99;
  spec.question.hop_limit.value = 9;
  const auto next = craft(spec);
  CHECK(Tins::IPv6(next.data(), static_cast<std::uint32_t>(next.size())).flow_label() ==
        ip.flow_label());
}

TEST_CASE("a SYN looks like one of Linux", "[peer-05]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const auto kind = GENERATE(ProbeKind::syn, ProbeKind::syn_bad_checksum);
  const auto packet = craft(spec_of(kind, family));
  const std::size_t at = family == Family::ipv4 ? 20 : 40;
  REQUIRE(packet.size() == at + 40);
  const Tins::TCP tcp(packet.data() + at, 40);
  CHECK(tcp.flags() == Tins::TCP::SYN);
  CHECK(tcp.sport() == 40001);
  CHECK(tcp.dport() == 22);
  CHECK(tcp.seq() == 0xdeadbeef);
  CHECK(tcp.ack_seq() == 0);
  CHECK(tcp.window() == 64240);
  CHECK(tcp.mss() == (family == Family::ipv4 ? 1460 : 1440));
  std::vector<int> order;
  for (const auto& option : tcp.options()) order.push_back(option.option());
  CHECK(order == std::vector<int>{2, 4, 8, 1, 3});
}

TEST_CASE("ACK and FIN come bare") {
  const auto ack = craft(spec_of(ProbeKind::ack, Family::ipv4));
  REQUIRE(ack.size() == 40);
  const Tins::TCP tcp(ack.data() + 20, 20);
  CHECK(tcp.flags() == Tins::TCP::ACK);
  CHECK(tcp.ack_seq() == 0x01020304);
  const auto fin = craft(spec_of(ProbeKind::fin, Family::ipv6));
  REQUIRE(fin.size() == 60);
  CHECK(Tins::TCP(fin.data() + 40, 20).flags() == Tins::TCP::FIN);
}

TEST_CASE("echo requests carry identifier and sequence") {
  const auto v4 = craft(spec_of(ProbeKind::echo, Family::ipv4));
  const Tins::ICMP icmp(v4.data() + 20, static_cast<std::uint32_t>(v4.size() - 20));
  CHECK(icmp.type() == Tins::ICMP::ECHO_REQUEST);
  CHECK(icmp.id() == 0xdead);
  CHECK(icmp.sequence() == 0xbeef);
  const auto v6 = craft(spec_of(ProbeKind::echo, Family::ipv6));
  const Tins::ICMPv6 icmp6(v6.data() + 40, static_cast<std::uint32_t>(v6.size() - 40));
  CHECK(icmp6.type() == Tins::ICMPv6::ECHO_REQUEST);
  CHECK(icmp6.identifier() == 0xdead);
  CHECK(icmp6.sequence() == 0xbeef);
}

TEST_CASE("the UDP checksum tells which probe it was") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  auto spec = spec_of(ProbeKind::udp, family);
  spec.sequence = GENERATE(0xdeadbeefU, 0x12340000U, 0x0000ffffU, 1U, 0xfffffffeU, 0x00008000U);
  const auto packet = craft(spec);
  const std::size_t at = family == Family::ipv4 ? 20 : 40;
  REQUIRE(packet.size() == at + 10);
  CHECK((packet[at + 6] << 8 | packet[at + 7]) == udp_checksum_for(spec.sequence));
  CHECK(transport_sum(packet, Transport::udp) == 0xffff);
}
