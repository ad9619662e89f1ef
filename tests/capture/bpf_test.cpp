#include "capture/bpf.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

/// 192.0.2.10 to 203.0.113.10 port 22, a SYN, without a link layer.
const std::vector<std::uint8_t> packet{
    0x45, 0,    0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 192,  0, 2,    10,   203, 0, 113, 10,
    0x9c, 0x40, 0, 22, 0, 0, 0,    1, 0,  0, 0, 0, 0x50, 2, 0xfa, 0xf0, 0,   0, 0,   0};

Frame raw_frame() {
  Frame frame;
  frame.link_type = 101;  // LINKTYPE_RAW, which libpcap numbers otherwise
  frame.bytes = packet;
  frame.original_length = 40;
  return frame;
}

}  // namespace

TEST_CASE("a filter takes what it describes, whatever the link type") {
  CHECK(PacketFilter("").takes(raw_frame()));
  CHECK(PacketFilter("tcp port 22").takes(raw_frame()));
  CHECK(PacketFilter("host 203.0.113.10 and tcp[13] = 2").takes(raw_frame()));
  CHECK_FALSE(PacketFilter("tcp port 23").takes(raw_frame()));
}

TEST_CASE("a wrong filter says so and takes nothing") {
  PacketFilter filter("port port");
  CHECK_FALSE(filter.check().empty());
  CHECK_FALSE(filter.takes(raw_frame()));
  CHECK_FALSE(filter.error().empty());
}

TEST_CASE("a filter may have words that only some link types know") {
  PacketFilter filter(GENERATE("wlan addr1 02:00:00:00:00:01", "rnr 1"));
  CHECK(filter.check().empty());
  CHECK(filter.error().empty());
  SECTION("of others it takes nothing, and says so") {
    CHECK_FALSE(filter.takes(raw_frame()));
    CHECK_FALSE(filter.error().empty());
  }
}
