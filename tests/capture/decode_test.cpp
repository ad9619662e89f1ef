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

TEST_CASE("every golden packet is readable", "[decode]") {
  for (const Named& packet : golden_packets()) {
    INFO(packet.name << " " << hex(packet.bytes));
    CHECK_FALSE(
        std::holds_alternative<Unreadable>(decoded(packet.link_type, packet.bytes).message));
  }
}
