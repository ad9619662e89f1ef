#include "capture/filter.hpp"

#include <pcap/pcap.h>

#include <memory>
#include <vector>

#include "capture/craft.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

struct Filter {
  bpf_program program{};
  explicit Filter(const std::string& text, int link_type) {
    pcap_t* handle = pcap_open_dead(link_type, 256);
    compiled = pcap_compile(handle, &program, text.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0;
    pcap_close(handle);
  }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;
  ~Filter() { pcap_freecode(&program); }
  [[nodiscard]] bool takes(const std::vector<std::uint8_t>& packet) const {
    pcap_pkthdr header{};
    header.caplen = header.len = static_cast<bpf_u_int32>(packet.size());
    return pcap_offline_filter(&program, &header, packet.data()) != 0;
  }
  bool compiled = false;
};

struct Case {
  IpAddress target, local, next_hop, other;
};

Case case_of(Family family) {
  if (family == Family::ipv4)
    return {*IpAddress::parse("203.0.113.10"), *IpAddress::parse("192.0.2.7"),
            *IpAddress::parse("192.0.2.1"), *IpAddress::parse("198.51.100.9")};
  return {*IpAddress::parse("2001:db8:1::10"), *IpAddress::parse("2001:db8::7"),
          *IpAddress::parse("2001:db8::1"), *IpAddress::parse("2001:db8:9::9")};
}

std::vector<std::uint8_t> packet(ProbeKind kind, const IpAddress& from, const IpAddress& to,
                                 std::uint16_t source, std::uint16_t destination) {
  ProbeSpec spec;
  spec.question.kind = kind;
  spec.flow = {Transport::tcp, {from, source}, {to, destination}};
  if (kind == ProbeKind::udp) spec.flow.transport = Transport::udp;
  if (kind == ProbeKind::echo)
    spec.flow.transport = from.family == Family::ipv4 ? Transport::icmp : Transport::icmp6;
  return craft(spec);
}

/// An ICMP message of this type, made from an echo request: the filter looks at the type only.
std::vector<std::uint8_t> icmp(std::uint8_t type, const IpAddress& from, const IpAddress& to) {
  auto bytes = packet(ProbeKind::echo, from, to, 0, 0);
  bytes[from.family == Family::ipv4 ? 20 : 40] = type;
  return bytes;
}

constexpr std::uint16_t ports[] = {40001, 50002};

}  // namespace

TEST_CASE("the filter takes our flows and nobody else's") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const auto c = case_of(family);
  const Filter filter(capture_filter({c.target, c.local, c.next_hop, ports}), DLT_RAW);
  REQUIRE(filter.compiled);
  CHECK(filter.takes(packet(ProbeKind::syn, c.local, c.target, 40001, 22)));
  CHECK(filter.takes(packet(ProbeKind::syn, c.target, c.local, 22, 50002)));
  CHECK(filter.takes(packet(ProbeKind::udp, c.local, c.target, 50002, 33434)));
  CHECK(filter.takes(packet(ProbeKind::echo, c.local, c.target, 0, 0)));
  CHECK_FALSE(filter.takes(packet(ProbeKind::syn, c.local, c.target, 40000, 22)));
  CHECK_FALSE(filter.takes(packet(ProbeKind::syn, c.local, c.other, 40001, 22)));
  CHECK_FALSE(filter.takes(packet(ProbeKind::echo, c.local, c.other, 0, 0)));
  CHECK(filter.takes(packet(ProbeKind::syn, c.other, c.local, 22, 40001)));
  CHECK_FALSE(filter.takes(packet(ProbeKind::syn, c.other, c.local, 22, 40000)));
  CHECK_FALSE(filter.takes(packet(ProbeKind::udp, c.other, c.local, 22, 40001)));
}

TEST_CASE("the filter takes ICMP errors from anybody, but only to us") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const auto c = case_of(family);
  const Filter filter(capture_filter({c.target, c.local, c.next_hop, ports}), DLT_RAW);
  REQUIRE(filter.compiled);
  const std::vector<std::uint8_t> errors = family == Family::ipv4
                                               ? std::vector<std::uint8_t>{3, 11, 12}
                                               : std::vector<std::uint8_t>{1, 2, 3, 4};
  for (const auto type : errors) {
    CHECK(filter.takes(icmp(type, c.other, c.local)));
    CHECK_FALSE(filter.takes(icmp(type, c.other, c.target)));
  }
  CHECK_FALSE(filter.takes(icmp(13, c.other, c.local)));
}

TEST_CASE("neighbour discovery is taken for the next hop alone") {
  const auto c = case_of(Family::ipv6);
  const Filter filter(capture_filter({c.target, c.local, c.next_hop, ports}), DLT_RAW);
  REQUIRE(filter.compiled);
  for (const auto& asked : {c.next_hop, c.other}) {
    auto message = icmp(135, c.local, c.other);
    message.resize(64);
    std::copy(asked.bytes.begin(), asked.bytes.end(), message.begin() + 48);
    CHECK(filter.takes(message) == (asked == c.next_hop));
  }
}

TEST_CASE("ARP is taken for the next hop alone") {
  const auto c = case_of(Family::ipv4);
  const Filter filter(capture_filter({c.target, c.local, c.next_hop, ports}), DLT_EN10MB);
  REQUIRE(filter.compiled);
  for (const auto& asked : {c.next_hop, c.other}) {
    std::vector<std::uint8_t> frame(12, 0xff);
    for (const int byte : {8, 6, 0, 1, 8, 0, 6, 4, 0, 1})
      frame.push_back(static_cast<std::uint8_t>(byte));
    frame.resize(38, 0);
    frame.insert(frame.end(), asked.bytes.begin(), asked.bytes.begin() + 4);
    CHECK(filter.takes(frame) == (asked == c.next_hop));
  }
}

TEST_CASE("of other interfaces the filter takes our answers, on those that are named") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const auto c = case_of(family);
  const OtherInterface others[] = {{3, "eth1"}, {9, "wlan0"}};
  const Filter filter(filter_elsewhere({c.target, c.local, c.next_hop, ports}, others),
                      DLT_LINUX_SLL2);
  REQUIRE(filter.compiled);
  const auto takes = [&](std::uint8_t interface, std::uint16_t port, std::uint8_t type = 0) {
    const bool v4 = family == Family::ipv4;
    std::vector<std::uint8_t> frame(20);
    frame[0] = v4 ? 0x08 : 0x86;
    frame[1] = v4 ? 0x00 : 0xdd;
    frame[7] = interface;
    frame[10] = type;
    const auto answer = packet(ProbeKind::syn, c.target, c.local, 22, port);
    frame.insert(frame.end(), answer.begin(), answer.end());
    return filter.takes(frame);
  };
  CHECK(takes(3, 40001));
  CHECK(takes(9, 40001));
  CHECK_FALSE(takes(2, 40001));
  CHECK_FALSE(takes(3, 40000));
  CHECK_FALSE(takes(3, 40001, 3));  // for another host: a mirror port's copy
}

TEST_CASE("the filter compiles for every link type a capture may have") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const auto link = GENERATE(DLT_EN10MB, DLT_RAW, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL, DLT_PPP);
  const auto c = case_of(family);
  std::vector<std::uint16_t> many;
  for (std::uint16_t i = 0; i < 33; ++i) many.push_back(static_cast<std::uint16_t>(40000 + i));
  CHECK(Filter(capture_filter({c.target, c.local, c.next_hop, many}), link).compiled);
}
