

#include "capture/cursor.hpp"
#include "tests/capture/survival.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

TEST_CASE("a read beyond the end fails, and so does every one after it", "[cursor]") {
  const Packet bytes{1, 2, 3, 4, 5};
  Cursor in(bytes);
  CHECK(in.u16() == 0x0102);
  CHECK(in.ok());
  CHECK(in.u32() == 0);
  CHECK_FALSE(in.ok());
  CHECK(in.left() == 0);
  CHECK(in.u8() == 0);
  CHECK(in.take(0).empty());
  CHECK_FALSE(in.ok());
  Cursor little(bytes, std::endian::little);
  CHECK(little.u32() == 0x04030201);
  little.shrink(9);
  CHECK(little.left() == 1);
  little.shrink(0);
  CHECK(little.left() == 0);
  CHECK(little.ok());
}

TEST_CASE("a shorter capture never says something else", "[hostile]") {
  for (const Named& packet : golden_packets()) check_prefixes(packet, 1);
}

TEST_CASE("one flipped bit anywhere is survived, and so is every capture of it", "[hostile]") {
  for (const Named& packet : golden_packets()) check_flips(packet);
}

TEST_CASE("any one byte with its extreme values is survived", "[hostile]") {
  for (const Named& packet : golden_packets()) {
    for (std::size_t place = 0; place < packet.bytes.size(); ++place) {
      for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{0xff}}) {
        Named changed = packet;
        changed.bytes[place] = value;
        check_prefixes(changed, 17);
      }
    }
  }
}

TEST_CASE("65 000 VLAN tags cost no more than eight", "[hostile]") {
  Packet packet(12, 2);
  for (int tag = 0; tag < 65'000; ++tag)
    packet = std::move(packet) + Packet{0x81, 0x00, 0x00, 0x01};
  packet = packet + Packet{0x08, 0x00} + syn_v4();
  const Observation seen = decoded(1, packet);
  REQUIRE(std::holds_alternative<Unreadable>(seen.message));
  CHECK(std::get<Unreadable>(seen.message).why == std::string("too many link layers"));
}

TEST_CASE("towers of labels, extension headers and options end", "[hostile]") {
  Packet labels = Packet(12, 2) + Packet{0x88, 0x47};
  for (int label = 0; label < 65'000; ++label) labels = std::move(labels) + Packet{0, 1, 0, 64};
  CHECK(std::holds_alternative<Unreadable>(decoded(1, labels).message));

  Packet headers = syn_v6();
  headers[4] = headers[5] = 0xff;
  headers[6] = 0;
  headers.resize(40);
  for (int header = 0; header < 8000; ++header) headers = std::move(headers) + Packet(8, 0);
  const Observation seen = decoded(raw, headers);
  REQUIRE(std::holds_alternative<Unreadable>(seen.message));
  CHECK(std::get<Unreadable>(seen.message).why == std::string("too many IPv6 extension headers"));
}

TEST_CASE("unknown and negative link types are survived", "[hostile]") {
  for (int type = -3; type < 400; ++type) {
    const Observation seen = decoded(type, syn_v4());
    check_bounds(seen);
  }
  CHECK(std::holds_alternative<Unreadable>(decoded(195, syn_v4()).message));
}
