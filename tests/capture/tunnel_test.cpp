// Packets inside packets. That every kind gives the same verdicts is
// tests/golden/encapsulation_test.py's.
#include "capture/tunnel.hpp"

#include <tins/tins.h>

#include "capture/decode.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

using Packet = std::vector<std::uint8_t>;

Frame frame_of(const Packet& bytes, std::uint32_t cut = 0) {
  return {{1}, {}, 101, static_cast<std::uint32_t>(bytes.size()) + cut, bytes};
}

Packet syn() {
  Tins::TCP tcp(22, 40000);
  tcp.flags(Tins::TCP::SYN);
  return (Tins::IP("203.0.113.10", "192.0.2.7") / tcp).serialize();
}

Packet outer(std::uint8_t protocol, Packet header, const Packet& inner) {
  header.insert(header.end(), inner.begin(), inner.end());
  Tins::IP ip("10.9.9.2", "10.9.9.1");
  ip.protocol(protocol);
  return (ip / Tins::RawPDU(header)).serialize();
}

Packet gre(const Packet& inner) { return outer(47, {0, 0, 8, 0}, inner); }

Packet vxlan(std::uint8_t flags, const Packet& inner) {
  Packet header{0, 9, 0x12, 0xb5, 0, 0, 0, 0, flags, 0, 0, 0, 0, 0, 42, 0};
  header.insert(header.end(), 12, 2);
  header.insert(header.end(), {8, 0});
  return outer(17, header, inner);
}

Packet datagram(std::uint8_t from_low, std::uint16_t to, Packet header, const Packet& inner) {
  const Packet udp{
      0x30, from_low, static_cast<std::uint8_t>(to >> 8), static_cast<std::uint8_t>(to), 0, 0,
      0,    0};
  header.insert(header.begin(), udp.begin(), udp.end());
  return outer(17, header, inner);
}

Packet gtp(Packet header, const Packet& inner) {
  return datagram(0, 2152, std::move(header), inner);
}

Packet syn_v6() {
  Tins::TCP tcp(22, 40000);
  tcp.flags(Tins::TCP::SYN);
  return (Tins::IPv6("2001:db8::1", "2001:db8::2") / tcp).serialize();
}

bool is_syn_inside(const Packet& packet) {
  const auto inner = out_of_tunnel(frame_of(packet));
  return inner && decode(*inner).flow.destination.port == 22;
}

}  // namespace

TEST_CASE("what a tunnel carries is a frame of its own") {
  const auto packet = gre(syn());
  const auto inner = out_of_tunnel(frame_of(packet, 10));
  REQUIRE(inner);
  CHECK(inner->bytes.size() == syn().size());
  CHECK(inner->original_length == syn().size() + 10);
  CHECK(is_syn_inside(vxlan(8, syn())));
  CHECK(is_syn_inside(outer(4, {}, syn())));
}

TEST_CASE("what a phone sends") {
  CHECK(is_syn_inside(gtp({0x30, 255, 0, 40, 0, 0, 0, 1}, syn())));
  CHECK(is_syn_inside(gtp({0x32, 255, 0, 44, 0, 0, 0, 1, 0, 7, 0, 0}, syn())));
  const Packet extended{0x34, 255, 0, 48, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0};
  CHECK(is_syn_inside(gtp(extended, syn())));
  CHECK_FALSE(out_of_tunnel(frame_of(gtp({0x32, 1, 0, 4, 0, 0, 0, 1, 0, 7, 0, 0}, syn()))));
}

TEST_CASE("what a sniffer streams") {
  const auto tzsp = [](Packet header) {
    header.insert(header.end(), 12, 2);
    header.insert(header.end(), {8, 0});
    return datagram(0, 37008, header, syn());
  };
  CHECK(is_syn_inside(tzsp({1, 0, 0, 1, 1})));
  CHECK(is_syn_inside(tzsp({1, 1, 0, 1, 0, 0x29, 2, 7, 7, 0x0a, 1, 9, 1})));
  CHECK_FALSE(out_of_tunnel(frame_of(tzsp({1, 4, 0, 1, 1}))));     // keeps the stream alive
  CHECK_FALSE(out_of_tunnel(frame_of(tzsp({1, 0, 0, 0x12, 1}))));  // IEEE 802.11
  CHECK_FALSE(out_of_tunnel(frame_of(tzsp({2, 0, 0, 1, 1}))));
}

TEST_CASE("IPv6 in UDP") {
  const Packet authentication{0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0};
  Packet both = authentication;
  both.insert(both.end(), {0, 0, 1, 2, 3, 4, 5, 6});
  for (const auto& header : {Packet{}, authentication, both})
    CHECK(is_syn_inside(datagram(0, 3544, header, syn_v6())));
}

TEST_CASE("what is no tunnel stays as it is") {
  CHECK_FALSE(out_of_tunnel(frame_of(syn())));
  CHECK_FALSE(out_of_tunnel(frame_of(vxlan(0, syn()))));
  CHECK_FALSE(out_of_tunnel(frame_of(gre({0, 1, 2, 3}))));
  CHECK_FALSE(out_of_tunnel(frame_of(outer(47, {0, 1, 8, 0}, syn()))));  // PPTP
}

TEST_CASE("tunnels in tunnels are few") {
  auto packet = syn();
  for (int depth = 1; depth <= 6; ++depth) {
    packet = gre(packet);
    CHECK(is_syn_inside(packet) == (depth <= 4));
  }
}

TEST_CASE("a tunnel that is cut anywhere") {
  const auto packet = vxlan(8, gre(syn()));
  for (std::size_t size = 0; size <= packet.size(); ++size) {
    const Packet some(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size));
    const auto inner = out_of_tunnel(frame_of(some));
    CHECK((!inner || inner->bytes.size() < size));
  }
}
