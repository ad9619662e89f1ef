// What each kind of packet says, and what a lying one may not say.
#include "tests/capture/packets.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

IpAddress address(const char* text) { return IpAddress::parse(text).value(); }

template <class Kind>
Kind message(const Observation& seen) {
  INFO("why: " << (std::holds_alternative<Unreadable>(seen.message)
                       ? std::get<Unreadable>(seen.message).why
                       : "readable"));
  REQUIRE(std::holds_alternative<Kind>(seen.message));
  return std::get<Kind>(seen.message);
}

std::string why(const Observation& seen) { return message<Unreadable>(seen).why; }

Named golden(const std::string& name) {
  for (const Named& packet : golden_packets())
    if (packet.name == name) return packet;
  FAIL("no golden packet " << name);
  return {};
}

Observation seen_of(const std::string& name) {
  const Named packet = golden(name);
  return decoded(packet.link_type, packet.bytes);
}

Packet with(Packet bytes, std::size_t place, std::initializer_list<std::uint8_t> values) {
  std::copy(values.begin(), values.end(), bytes.begin() + std::ptrdiff_t(place));
  return bytes;
}

/// An IPv6 packet whose SYN lies behind the given headers.
Packet behind(std::uint8_t first, const Packet& headers) {
  const Packet packet = syn_v6();
  const auto length = static_cast<std::uint8_t>(packet.size() - 40 + headers.size());
  Packet out = with(Packet(packet.begin(), packet.begin() + 40), 4, {0, length, first});
  return out + headers + Packet(packet.begin() + 40, packet.end());
}

}  // namespace

TEST_CASE("a RST/ACK", "[decode]") {
  const Observation seen = seen_of("RST/ACK");
  CHECK(seen.flow == Flow{Transport::tcp, {address(server), 40001}, {address(client), 22}});
  const auto tcp = message<TcpSegment>(seen);
  CHECK(tcp.is_reset());
  CHECK(tcp.has(tcp_flag::ack));
  CHECK(tcp.acknowledgment == 0x89abcdf0);
  CHECK(tcp.option_bytes == 0);
  CHECK_FALSE(tcp.mss);
  CHECK_FALSE((tcp.timestamps || tcp.sack_permitted || tcp.window_scale));
}

TEST_CASE("payload is counted by the IP header and shown up to 64 bytes", "[decode]") {
  const auto tcp = message<TcpSegment>(seen_of("data"));
  CHECK(std::string(tcp.text.begin(), tcp.text.end()) == "SSH-2.0-OpenSSH_9.2p1\r\n");
  CHECK(tcp.payload == 23);

  const Packet bytes =
      (ipv4(client, server) / syn() / Tins::RawPDU(std::string(900, 'x'))).serialize();
  const auto large = message<TcpSegment>(decoded(raw, bytes));
  CHECK(large.payload == 900);
  CHECK(large.text.size() == 64);

  Frame cut = frame_of(raw, bytes);
  cut.bytes = cut.bytes.first(20 + 40 + 5);
  const auto snapped = message<TcpSegment>(decode(cut));
  CHECK(snapped.payload == 900);
  CHECK(snapped.text.size() == 5);
}

TEST_CASE("UDP, echo and neighbour messages", "[decode]") {
  CHECK(message<UdpDatagram>(seen_of("UDP")).length == 12);
  CHECK(seen_of("UDP").flow ==
        Flow{Transport::udp, {address(client), 40001}, {address(server), 33434}});
  CHECK(message<UdpDatagram>(seen_of("UDP in IPv6")).checksum != 0);
  CHECK(message<IcmpEcho>(seen_of("echo")) == IcmpEcho{false, 0x1234, 7});
  CHECK(message<IcmpEcho>(seen_of("echo reply")) == IcmpEcho{true, 0x1234, 7});
  CHECK(message<IcmpEcho>(seen_of("echo in ICMPv6")) == IcmpEcho{false, 0x1234, 7});
  CHECK(seen_of("echo").flow == Flow{Transport::icmp, {address(client), 0}, {address(server), 0}});
  CHECK(seen_of("echo in ICMPv6").flow.transport == Transport::icmp6);
  CHECK(message<NeighbourMessage>(seen_of("neighbour solicitation")) ==
        NeighbourMessage{false, address(server6)});
  CHECK(message<NeighbourMessage>(seen_of("neighbour advertisement")) ==
        NeighbourMessage{true, address(server6)});
}

TEST_CASE("ARP tells who is asked for, in the answer too", "[decode]") {
  const Observation request = seen_of("ARP request");
  CHECK(message<NeighbourMessage>(request) == NeighbourMessage{false, address(server)});
  CHECK(request.flow == Flow{Transport{0}, {address(client), 0}, {address(server), 0}});
  CHECK(message<NeighbourMessage>(seen_of("ARP reply")) == NeighbourMessage{true, address(client)});
}

TEST_CASE("IPv6 extension headers are walked to the segment", "[decode]") {
  const Packet options{6, 0, 1, 4, 0, 0, 0, 0}, long_options = Packet{6, 1} + Packet(14, 0);
  const Packet to_options{60, 0, 1, 4, 0, 0, 0, 0}, first_fragment{6, 0, 0, 1, 0, 0, 0, 9};
  const Packet authentication = Packet{6, 4} + Packet(22, 0);
  for (const auto& [first, headers] :
       std::vector<std::pair<std::uint8_t, Packet>>{{60, options},
                                                    {0, to_options + options},
                                                    {43, long_options},
                                                    {44, first_fragment},
                                                    {51, authentication}}) {
    const auto tcp = message<TcpSegment>(decoded(raw, behind(first, headers)));
    CHECK(tcp.is_syn());
    CHECK(tcp.payload == 0);
    CHECK(tcp.mss == 1460);
  }
  const Observation later = decoded(raw, behind(44, {6, 0, 0, 0x08, 0, 0, 0, 9}));
  CHECK(later.fragment);
  CHECK(why(later) == "not the first fragment");
  CHECK(why(decoded(raw, behind(60, {6, 200, 0, 0, 0, 0, 0, 0}))) ==
        "IPv6 extension header cut off");
  CHECK(why(decoded(raw, behind(59, {}))) == "IPv6 packet without payload");
  CHECK(why(decoded(raw, behind(50, {}))) == "transport protocol is not read");
}

TEST_CASE("a fragment that is not the first has no message", "[decode]") {
  const Observation seen = decoded(raw, with(syn_v4(), 6, {0x20, 0x10}));
  CHECK(seen.fragment);
  CHECK(why(seen) == "not the first fragment");
  CHECK(seen.flow.source.port == 0);
  CHECK(message<TcpSegment>(decoded(raw, with(syn_v4(), 6, {0x20, 0x00}))).is_syn());
}

TEST_CASE("a fragment tells which bytes of its packet it is", "[decode]") {
  const auto piece = [](const Packet& packet) { return piece_of(frame_of(raw, packet)); };
  CHECK_FALSE(piece(syn_v4()));
  const auto id = decoded(raw, syn_v4()).ip_id_or_flow_label;
  const auto length = static_cast<std::uint32_t>(syn_v4().size() - 20);
  CHECK(piece(with(syn_v4(), 6, {0x20, 0x00})) == IpPiece{id, 0, length, false});
  CHECK(piece(with(syn_v4(), 6, {0x00, 0x10})) == IpPiece{id, 128, 128 + length, true});
  const auto tcp = static_cast<std::uint32_t>(syn_v6().size() - 40);
  CHECK(piece(behind(44, {6, 0, 0, 0x08, 0, 0, 0, 9})) == IpPiece{9, 8, 8 + tcp, true});
  CHECK(piece(behind(44, {6, 0, 0, 0x01, 0, 0, 0, 9})) == IpPiece{9, 0, tcp, false});
  CHECK_FALSE(piece(behind(44, {6, 0, 0, 0, 0, 0, 0, 9})));
}

TEST_CASE("IP lengths that lie only ever shrink the packet", "[decode]") {
  const Packet packet = syn_v4();
  CHECK(message<TcpSegment>(decoded(raw, with(packet, 2, {0xff, 0xff}))).payload == 65535 - 60);
  CHECK(why(decoded(raw, with(packet, 2, {0, 30}))) == "TCP header cut off");
  CHECK(why(decoded(raw, with(packet, 2, {0, 19}))) == "IPv4 total length below its header");
  CHECK(why(decoded(raw, with(packet, 2, {0, 45}))) == "TCP data offset beyond the packet");
  CHECK(why(decoded(raw, with(packet, 0, {0x44}))) == "IPv4 header length below 20");
  CHECK(why(decoded(raw, with(packet, 32, {0x40}))) == "TCP data offset below 5");
  CHECK(why(decoded(raw, with(packet, 32, {0xf0}))) == "TCP data offset beyond the packet");
  // Segmentation offload leaves the length 0: then the frame tells.
  CHECK(message<TcpSegment>(decoded(raw, with(packet, 2, {0, 0}) + Packet(1000, 'x'))).payload ==
        1000);
  CHECK(message<TcpSegment>(decoded(raw, with(syn_v6(), 4, {0, 0}) + Packet(70, 'x'))).payload ==
        70);
}

TEST_CASE("TCP options that lie end the reading of options", "[decode]") {
  const Packet packet = syn_v4();  // options: MSS, SACK, timestamps, window scale
  const auto no_length = message<TcpSegment>(decoded(raw, with(packet, 41, {0})));
  CHECK_FALSE(no_length.mss);
  CHECK_FALSE(no_length.sack_permitted);
  const auto too_long = message<TcpSegment>(decoded(raw, with(packet, 41, {200})));
  CHECK_FALSE(too_long.mss);
  const auto odd_mss = message<TcpSegment>(decoded(raw, with(packet, 41, {3, 1, 1})));
  CHECK_FALSE(odd_mss.mss);
}

TEST_CASE("every system has its own number for IPv6 on a loopback link", "[decode]") {
  for (const Packet& family : {Packet{10, 0, 0, 0}, Packet{24, 0, 0, 0}, Packet{0, 0, 0, 28}})
    CHECK(message<TcpSegment>(decoded(0, family + syn_v6())).is_syn());
}

TEST_CASE("link frames that carry no IP say so", "[decode]") {
  const Packet macs(12, 2);
  CHECK(why(decoded(1, macs + Packet{0x88, 0xcc, 1, 2})) == "neither IP nor ARP");
  CHECK(why(decoded(1, macs)) == "link header cut off");
  CHECK(why(decoded(1, macs + Packet{0x88, 0x63, 0x11, 9, 0, 0, 0, 0})) == "neither IP nor ARP");
  CHECK(why(decoded(1, macs + Packet{0x88, 0x64, 0x11, 9, 0, 0, 0, 0})) == "PPPoE discovery");
  CHECK(why(decoded(1, macs + Packet{0, 9, 0x42, 0x42, 3, 0, 0, 0, 0, 0})) == "LLC without SNAP");
  CHECK(why(decoded(9, {0xc0, 0x21, 1, 1})) == "PPP without IP");
  CHECK(why(decoded(0, {7, 0, 0, 0, 1})) == "loopback frame without IP");
  CHECK(why(decoded(raw, {0x75})) == "neither IP nor ARP");
  CHECK(why(decoded(147, syn_v4())) == "link type is not read");
  CHECK(why(decoded(105, Packet{0x80, 0} + Packet(40, 0))) == "802.11 frame without data");
  CHECK(why(decoded(105, Packet{0x08, 0x41} + Packet(40, 0))) == "802.11 frame is encrypted");
  CHECK(why(decoded(127, {0, 0, 200, 0, 0, 0, 0, 0, 0})) == "radiotap header cut off");
}

TEST_CASE("a signed segment says so", "[decode]") {
  const std::uint8_t kind = GENERATE(std::uint8_t{19}, std::uint8_t{29}, std::uint8_t{254});
  auto tcp = syn();
  const std::vector<std::uint8_t> value(16, 7);
  tcp.add_option(Tins::TCP::option(kind, value.begin(), value.end()));
  const auto seen = message<TcpSegment>(decoded(raw, (ipv4(client, server) / tcp).serialize()));
  CHECK(seen.is_signed == (kind != 254));
}

TEST_CASE("a SYN of Multipath TCP that joins another connection says so", "[decode]") {
  const std::uint8_t subtype = GENERATE(std::uint8_t{0x01}, std::uint8_t{0x10});
  auto tcp = syn();
  const std::vector<std::uint8_t> value{subtype, 2, 1, 2, 3, 4, 5, 6, 7, 8};
  tcp.add_option(Tins::TCP::option(30, value.begin(), value.end()));
  const auto seen = message<TcpSegment>(decoded(raw, (ipv4(client, server) / tcp).serialize()));
  CHECK(seen.joins_another == (subtype == 0x10));
}
