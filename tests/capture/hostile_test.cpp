

#include "capture/cursor.hpp"
#include "tests/capture/agreement.hpp"
#include "tests/capture/packets.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

/// The first `size` bytes of a packet, in memory of exactly that size so that ASan sees one more.
Observation prefix(const Named& packet, std::size_t size) {
  const Packet part(packet.bytes.begin(), packet.bytes.begin() + std::ptrdiff_t(size));
  Frame frame = frame_of(packet.link_type, part);
  frame.original_length = static_cast<std::uint32_t>(packet.bytes.size());
  return decode(frame);
}

void check_bounds(const Observation& seen) {
  if (const auto* tcp = std::get_if<TcpSegment>(&seen.message)) REQUIRE(tcp->text.size() <= 64);
  if (const auto* error = std::get_if<IcmpError>(&seen.message)) REQUIRE(error->mpls.size() <= 16);
}

void check_prefixes(const Named& packet, std::size_t step) {
  const Observation whole = prefix(packet, packet.bytes.size());
  check_bounds(whole);
  for (std::size_t size = 0; size < packet.bytes.size(); size += step) {
    const char* differs = disagreement(prefix(packet, size), whole);
    if (differs == nullptr) continue;
    FAIL(packet.name << ", " << size << " bytes of " << hex(packet.bytes) << ": " << differs);
  }
}

}  // namespace

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
  for (const Named& packet : golden_packets()) {
    for (std::size_t bit = 0; bit < packet.bytes.size() * 8; ++bit) {
      Named flipped = packet;
      flipped.bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      check_prefixes(flipped, 13 + bit % 7);
    }
  }
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
