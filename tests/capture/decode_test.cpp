#include "capture/checksum.hpp"
#include "tests/capture/packets.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

IpAddress address(const char* text) { return IpAddress::parse(text).value(); }

template <class Kind>
Kind message(const Observation& seen) {
  REQUIRE(std::holds_alternative<Kind>(seen.message));
  return std::get<Kind>(seen.message);
}

void check_syn(const Observation& seen, const char* source, const char* destination) {
  CHECK(seen.flow == Flow{Transport::tcp, {address(source), 40001}, {address(destination), 22}});
  CHECK(seen.hop_limit == HopLimit{61});
  CHECK(seen.traffic_class == 0x48);
  const auto tcp = message<TcpSegment>(seen);
  CHECK(tcp.sequence == 0xfedcba98);
  CHECK(tcp.acknowledgment == 0);
  CHECK(tcp.is_syn());
  CHECK(tcp.window == 64240);
  CHECK(tcp.payload == 0);
  CHECK(tcp.mss == 1460);
  CHECK((tcp.timestamps && tcp.sack_permitted && tcp.window_scale));
  CHECK(tcp.text.empty());
}

}  // namespace

TEST_CASE("a SYN is the same in every link layer", "[decode]") {
  for (const Named& packet : in_every_link_layer(syn_v4(), 0x0800)) {
    INFO(packet.name);
    const Observation seen = decoded(packet.link_type, packet.bytes);
    check_syn(seen, client, server);
    CHECK(seen.ip_id_or_flow_label == 0xbeef);
    CHECK(seen.dont_fragment);
  }
  for (const Named& packet : in_every_link_layer(syn_v6(), 0x86dd)) {
    INFO(packet.name);
    const Observation seen = decoded(packet.link_type, packet.bytes);
    check_syn(seen, client6, server6);
    CHECK(seen.ip_id_or_flow_label == 0xabcde);
    CHECK_FALSE(seen.dont_fragment);
  }
}

TEST_CASE("whose frame it was, where the link layer tells", "[decode]") {
  const Packet macs{2, 0, 0, 0, 0, 0x99, 2, 0, 0, 0, 0, 1};
  const auto ethernet = decoded(1, macs + Packet{8, 0} + syn_v4());
  REQUIRE(ethernet.link);
  CHECK(to_string(ethernet.link->to) == "02:00:00:00:00:99");
  CHECK(to_string(ethernet.link->from) == "02:00:00:00:00:01");
  CHECK_FALSE(decoded(101, syn_v4()).link);
  for (const std::uint8_t type : {std::uint8_t{0}, std::uint8_t{3}}) {
    const Packet cooked = Packet{0, type, 0, 1, 0, 6} + Packet(8, 0) + Packet{8, 0};
    const Packet cooked2 = Packet{8, 0, 0, 0, 0, 0, 0, 7, 0, 1, type, 6} + Packet(8, 0);
    CHECK(decoded(113, cooked + syn_v4()).to_other_host == (type == 3));
    CHECK(decoded(276, cooked2 + syn_v4()).to_other_host == (type == 3));
  }
}

TEST_CASE("the checksum of a segment with data is looked at on demand only", "[decode]") {
  for (const auto& bare : {syn_v4(), syn_v6()}) {
    const bool v4 = bare[0] >> 4 == 4;
    auto packet = bare + Packet{'h', 'e', 'l', 'o'};
    packet[v4 ? 3 : 5] = static_cast<std::uint8_t>(packet[v4 ? 3 : 5] + 4);
    const Frame frame = frame_of(101, packet);
    auto seen = decode(frame);
    CHECK(std::get<TcpSegment>(seen.message).payload == 4);
    CHECK_FALSE(std::get<TcpSegment>(seen.message).bad_checksum);
    check_data(seen, frame);
    CHECK(std::get<TcpSegment>(seen.message).bad_checksum);
  }
}

TEST_CASE("a TCP checksum is right, left to a device, or wrong", "[decode]") {
  const auto is_bad = [](Packet packet) {
    return message<TcpSegment>(decoded(101, packet)).bad_checksum;
  };
  for (const auto& whole : {syn_v4(), syn_v6()}) {
    const std::size_t header = whole[0] >> 4 == 4 ? 20 : 40, at = header + 16;
    const auto addresses = header == 20 ? ones_sum(Bytes(whole).subspan(12, 8))
                                        : ones_sum(Bytes(whole).subspan(8, 32));
    const auto pseudo =
        pseudo_header_sum(addresses, 6, static_cast<std::uint32_t>(whole.size() - header));
    CHECK_FALSE(is_bad(whole));
    auto left_to_device = whole;
    left_to_device[at] = static_cast<std::uint8_t>(pseudo >> 8);
    left_to_device[at + 1] = static_cast<std::uint8_t>(pseudo);
    CHECK_FALSE(is_bad(left_to_device));
    auto wrong = whole;
    wrong[at] ^= 0x55;
    CHECK(is_bad(wrong));
    wrong.pop_back();  // cut off: nobody knows
    CHECK_FALSE(is_bad(wrong));
  }
}

TEST_CASE("every golden packet is readable", "[decode]") {
  for (const Named& packet : golden_packets()) {
    INFO(packet.name << " " << hex(packet.bytes));
    CHECK_FALSE(
        std::holds_alternative<Unreadable>(decoded(packet.link_type, packet.bytes).message));
  }
}
