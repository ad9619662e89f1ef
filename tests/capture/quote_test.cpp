#include "capture/quote.hpp"

#include "tests/capture/packets.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

IpAddress address(const char* text) { return IpAddress::parse(text).value(); }

IcmpError error_of(const Packet& packet) {
  const Observation seen = decoded(raw, packet);
  REQUIRE(std::holds_alternative<IcmpError>(seen.message));
  return std::get<IcmpError>(seen.message);
}

IcmpError golden_error(const std::string& name) {
  for (const Named& packet : golden_packets())
    if (packet.name == name) return error_of(packet.bytes);
  FAIL("no golden packet " << name);
  return {};
}

const Flow syn_flow{Transport::tcp, {address(client), 40001}, {address(server), 22}};

/// An extension structure (RFC 4884 section 7) that holds an MPLS label (RFC 4950).
const Packet extension{0x20, 0, 0, 0, 0, 8, 1, 1, 0x00, 0x06, 0x41, 0x01};

/// Time exceeded about our SYN: `quoted` bytes of it, padded to 128, then the extension.
Packet with_extension(std::size_t quoted, const Packet& after, std::uint8_t length_words) {
  const Packet packet = syn_v4();
  Packet body(packet.begin(), packet.begin() + std::ptrdiff_t(quoted));
  body.resize(128);
  Packet message = icmp_error_v4(11, 0, body + after, 1500);
  message[20 + 5] = length_words;
  return message;
}

}  // namespace

TEST_CASE("the smallest quote has the flow and the sequence, and no flags", "[quote]") {
  const IcmpError error = golden_error("time exceeded, 28 bytes");
  CHECK(error.type == 11);
  CHECK(error.code == 0);
  REQUIRE(error.quote);
  CHECK(error.quote->flow == syn_flow);
  CHECK(error.quote->tcp_sequence == 0xfedcba98);
  CHECK_FALSE(error.quote->tcp_flags);
  CHECK(error.quote->hop_limit == HopLimit{61});
  CHECK(error.quote->traffic_class == 0x48);
  CHECK(error.quote->ip_id_or_flow_label == 0xbeef);
  CHECK(error.quote->bytes == 28);
  CHECK_FALSE(error.mtu);
}

TEST_CASE("a whole quote has the flags too", "[quote]") {
  const IcmpError error = golden_error("time exceeded, whole");
  REQUIRE(error.quote);
  CHECK(error.quote->tcp_flags == tcp_flag::syn);
  CHECK(error.quote->bytes == 60);
}

TEST_CASE("quotes of UDP and echo", "[quote]") {
  const IcmpError udp = golden_error("unreachable about UDP");
  REQUIRE(udp.quote);
  CHECK(udp.quote->flow ==
        Flow{Transport::udp, {address(client), 40001}, {address(server), 33434}});
  CHECK(udp.quote->udp_checksum);
  const IcmpError echo = golden_error("unreachable about echo");
  REQUIRE(echo.quote);
  CHECK(echo.quote->echo_identifier == 0x1234);
  CHECK(echo.quote->echo_sequence == 7);
  CHECK(echo.quote->flow.source.port == 0);
  const IcmpError echo6 = golden_error("ICMPv6 prohibited about echo");
  REQUIRE(echo6.quote);
  CHECK(echo6.quote->echo_identifier == 0x1234);
}

TEST_CASE("a quote in ICMPv6", "[quote]") {
  const IcmpError error = golden_error("ICMPv6 time exceeded");
  CHECK(error.type == 3);
  REQUIRE(error.quote);
  CHECK(error.quote->flow ==
        Flow{Transport::tcp, {address(client6), 40001}, {address(server6), 22}});
  CHECK(error.quote->tcp_sequence == 0xfedcba98);
  CHECK(error.quote->ip_id_or_flow_label == 0xabcde);
}

TEST_CASE("what a quote does not hold is absent", "[quote]") {
  const auto quote_of = [](std::size_t kept) {
    return error_of(icmp_error_v4(3, 1, syn_v4(), kept)).quote;
  };
  CHECK_FALSE(quote_of(0));
  CHECK_FALSE(quote_of(19));
  REQUIRE(quote_of(20));
  CHECK(quote_of(20)->flow.source.port == 0);
  CHECK(quote_of(20)->flow.source.address == address(client));
  CHECK(quote_of(24)->flow == syn_flow);
  CHECK_FALSE(quote_of(27)->tcp_sequence);
  CHECK(quote_of(28)->tcp_sequence);
  CHECK_FALSE(quote_of(33)->tcp_flags);
  CHECK(quote_of(34)->tcp_flags);
}

TEST_CASE("a quoted header that was changed and whose checksum was not is known by that",
          "[quote]") {
  CHECK_FALSE(error_of(icmp_error_v4(3, 13, syn_v4(), 28)).quote->bad_checksum);
  auto changed = syn_v4();
  changed[8] = static_cast<std::uint8_t>(changed[8] - 3);  // the hop limit
  CHECK(error_of(icmp_error_v4(3, 13, changed, 28)).quote->bad_checksum);
  CHECK_FALSE(error_of(icmp_error_v6(1, 1, syn_v6(), 48)).quote->bad_checksum);
}

TEST_CASE("the next-hop MTU, where the router tells it", "[quote]") {
  Packet needed = icmp_error_v4(3, 4, syn_v4(), 28);
  CHECK_FALSE(error_of(needed).mtu);
  needed[26] = 0x05;
  needed[27] = 0x78;
  CHECK(error_of(needed).mtu == 1400u);
  Packet too_big = icmp_error_v6(2, 0, syn_v6(), 100);
  too_big[46] = 0x05;
  too_big[47] = 0x00;
  CHECK(error_of(too_big).mtu == 1280u);
}

TEST_CASE("what stands behind a quote is none of it", "[quote]") {
  Packet long_total = syn_v4();
  long_total[2] = 1;  // more than is quoted
  long_total.resize(128);
  Packet message = icmp_error_v4(11, 0, long_total + extension, 1500);
  CHECK(error_of(message).quote->bytes == 128 + extension.size());
  message[20 + 5] = 32;
  CHECK(error_of(message).quote->bytes == 128);
}

TEST_CASE("padding after a short quote is not a TCP header", "[quote]") {
  const IcmpError error = error_of(with_extension(28, extension, 32));
  REQUIRE(error.quote);
  CHECK(error.quote->flow == syn_flow);
  CHECK(error.quote->tcp_sequence == 0xfedcba98);
  CHECK_FALSE(error.quote->tcp_flags);
}

TEST_CASE("a length or an extension that lies costs no quote", "[quote][peer-19]") {
  for (int words = 0; words < 256; ++words) {
    const IcmpError error =
        error_of(with_extension(60, extension, static_cast<std::uint8_t>(words)));
    REQUIRE(error.quote);
    CHECK(error.quote->flow == syn_flow);
    CHECK(error.quote->tcp_sequence == 0xfedcba98);
    CHECK(error.quote->tcp_flags == tcp_flag::syn);
  }
}

TEST_CASE("a quoted length that lies costs no quote", "[quote][peer-19]") {
  // Some stacks subtract the header from the quoted length or swap its bytes.
  for (const unsigned total : {0u, 20u, 28u, 40u, 0x3c00u, 0xffffu}) {
    Packet quoted = syn_v4();
    quoted[2] = static_cast<std::uint8_t>(total >> 8);
    quoted[3] = static_cast<std::uint8_t>(total);
    const IcmpError error = error_of(icmp_error_v4(11, 0, quoted, 28));
    REQUIRE(error.quote);
    CHECK(error.quote->flow == syn_flow);
    CHECK(error.quote->tcp_sequence == 0xfedcba98);
  }
}

TEST_CASE("a quote of the other IP version is none", "[quote]") {
  CHECK_FALSE(error_of(icmp_error_v4(11, 0, syn_v6(), 100)).quote);
  CHECK_FALSE(error_of(icmp_error_v6(3, 0, syn_v4(), 100)).quote);
}

TEST_CASE("a quoted fragment that is not the first has no ports", "[quote]") {
  Packet quoted = syn_v4();
  quoted[7] = 0x10;
  const IcmpError error = error_of(icmp_error_v4(11, 0, quoted, 60));
  REQUIRE(error.quote);
  CHECK(error.quote->flow.source.port == 0);
  CHECK_FALSE(error.quote->tcp_sequence);
}

TEST_CASE("unknown codes stay numbers, other ICMP is unreadable", "[quote]") {
  CHECK(error_of(icmp_error_v4(3, 200, syn_v4(), 28)).code == 200);
  CHECK(error_of(icmp_error_v6(1, 99, syn_v6(), 48)).code == 99);
  CHECK(error_of(icmp_error_v6(100, 1, syn_v6(), 48)).type == 100);
  CHECK(
      std::holds_alternative<Unreadable>(decoded(raw, icmp_error_v4(13, 0, syn_v4(), 28)).message));
}
