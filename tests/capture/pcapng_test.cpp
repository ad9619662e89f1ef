#include "capture/pcapng/recorder.hpp"
#include "tests/capture/capture_files.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

constexpr auto both = {std::endian::little, std::endian::big};

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

/// One frame on an interface of a given clock, and the time it gets.
Duration::rep time_of(std::optional<std::uint8_t> resolution, std::uint64_t ticks,
                      std::optional<std::int64_t> offset = {}) {
  const std::endian order = std::endian::little;
  Writer file(order);
  add_section(file, order);
  add_interface(file, order, 1, 0, resolution, offset);
  add_enhanced(file, order, 0, ticks, {1});
  const Read read = read_bytes(file.bytes);
  REQUIRE(read.frames.size() == 1);
  return read.frames[0].at;
}

Packet mixed(std::endian order) {
  Writer file(order);
  add_section(file, order);
  add_interface(file, order, 1, 96);
  add_interface(file, order, 276, 0, std::uint8_t{9});
  add_enhanced(file, order, 0, 1'700'000'000'000'001, {1, 2, 3}, "first");
  add_enhanced(file, order, 1, 1'700'000'000'000'002'003, {4, 5, 6, 7});
  Writer simple(order), obsolete(order), unknown(order);
  simple.u32(200).raw(Packet(96, 0xaa));
  file.block(3, simple);
  obsolete.u16(1).u16(7).u32(0).u32(42).u32(2).u32(60).raw({8, 9}).pad();
  file.block(2, obsolete);
  unknown.u32(0xdeadbeef);
  file.block(0x00000bbb, unknown);
  return file.bytes;
}

const std::vector<Read::Item> mixed_frames{
    {1, 1'700'000'000'000'001'000, 1, 3, {1, 2, 3}, "first"},
    {2, 1'700'000'000'000'002'003, 276, 4, {4, 5, 6, 7}, ""},
    {3, 1'700'000'000'000'002'003, 1, 200, Packet(96, 0xaa), ""},
    {4, 42, 276, 60, {8, 9}, ""},
};

}  // namespace

TEST_CASE("pcapng with mixed interfaces and every packet block", "[pcapng]") {
  for (const std::endian order : both) {
    const Read read = read_bytes(mixed(order));
    CHECK(read.frames == mixed_frames);
    CHECK(read.error.empty());
    CHECK_FALSE(read.facts.truncated);
  }
}

TEST_CASE("a second section has its own byte order and interfaces", "[pcapng]") {
  Writer file(std::endian::little);
  file.raw(mixed(std::endian::little)).raw(mixed(std::endian::big));
  const Read read = read_bytes(file.bytes);
  REQUIRE(read.frames.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(read.frames[i].bytes == mixed_frames[i % 4].bytes);
    CHECK(read.frames[i].link_type == mixed_frames[i % 4].link_type);
    CHECK(read.frames[i].id == i + 1);
  }
  add_section(file, std::endian::big);
  add_enhanced(file, std::endian::big, 0, 1, {1});
  const Read orphan = read_bytes(file.bytes);
  CHECK(orphan.frames.size() == 8);
  CHECK(contains(orphan.error, "a packet of an unknown interface"));
}

TEST_CASE("the clock of an interface", "[pcapng]") {
  CHECK(time_of({}, 1'700'000'000'123'456) == 1'700'000'000'123'456'000);
  CHECK(time_of(0, 17) == 17'000'000'000);
  CHECK(time_of(3, 17'005) == 17'005'000'000);
  CHECK(time_of(9, 17) == 17);
  CHECK(time_of(12, 17'999) == 17);
  CHECK(time_of(127, ~0ull) == 0);
  CHECK(time_of(0x80, 17) == 17'000'000'000);
  CHECK(time_of(0x8a, 3 * 1024 + 512) == 3'500'000'000);
  CHECK(time_of(0xa0, (5ull << 32) + (1ull << 31)) == 5'500'000'000);
  CHECK(time_of(0xbf, 1ull << 62) == 500'000'000);
  CHECK(time_of(0xff, ~0ull) == 0);
  CHECK(time_of(9, 17, 2) == 2'000'000'017);
  CHECK(time_of(9, 3'000'000'017, -3) == 17);
  CHECK(time_of(9, 17, -3) == 0);
}

TEST_CASE("no clock leads beyond what can be added", "[pcapng]") {
  for (const int resolution : {0, 3, 6, 9, 12, 127, 0x80, 0x81, 0x9e, 0x9f, 0xbf, 0xc0, 0xff}) {
    for (const std::uint64_t ticks : {0ull, 1ull, 1ull << 32, 1ull << 62, 1ull << 63, ~0ull}) {
      for (const std::int64_t offset : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
        const auto at = time_of(static_cast<std::uint8_t>(resolution), ticks, offset);
        REQUIRE(at >= 0);
        REQUIRE(at <= std::int64_t{1} << 62);
      }
    }
  }
}

TEST_CASE("every prefix of a pcapng gives the whole frames in it", "[pcapng]") {
  const Packet whole = mixed(std::endian::big);
  std::size_t before = 0;
  for (std::size_t size = 28; size < whole.size(); ++size) {
    INFO(size);
    const Read read = read_bytes(Packet(whole.begin(), whole.begin() + std::ptrdiff_t(size)));
    REQUIRE(read.refused.empty());
    REQUIRE(read.frames.size() >= before);
    before = read.frames.size();
    CHECK(std::equal(read.frames.begin(), read.frames.end(), mixed_frames.begin()));
    CHECK(read.error.empty() == !read.facts.truncated);
  }
  CHECK(before == 4);
}

TEST_CASE("blocks that lie", "[pcapng]") {
  const std::endian order = std::endian::little;
  Writer file(order);
  add_section(file, order);
  add_interface(file, order, 1);
  add_enhanced(file, order, 0, 1, {1, 2, 3});
  Writer body(order);
  SECTION("a packet longer than its block") {
    body.u32(0).u32(0).u32(2).u32(1000).u32(1000).raw({1, 2, 3, 4});
    file.block(6, body);
    add_enhanced(file, order, 0, 3, {9});
    const Read read = read_bytes(file.bytes);
    REQUIRE(read.frames.size() == 3);
    CHECK(read.frames[1].bytes == Packet{1, 2, 3, 4});
    CHECK(read.frames[1].original == 1000);
    CHECK(read.facts.truncated);
    CHECK(contains(read.error, "a packet block shorter than its packet"));
  }
  SECTION("a block of 4 GiB") {
    file.u32(6).u32(0xfffffffc).u32(0);
    CHECK(contains(read_bytes(file.bytes).error, "a block of more than 16 MiB"));
  }
  SECTION("a block shorter than its frame") {
    file.u32(6).u32(8).u32(0);
    CHECK(contains(read_bytes(file.bytes).error, "a block of impossible length"));
  }
  SECTION("two different lengths") {
    file.u32(6).u32(12).u32(16);
    CHECK(contains(read_bytes(file.bytes).error, "a block with two different lengths"));
  }
  SECTION("a section of another version") {
    body.u32(0x1a2b3c4d).u16(2).u16(0).u64(0);
    file.block(0x0a0d0d0a, body);
    CHECK(contains(read_bytes(file.bytes).error, "unknown pcapng version"));
  }
  SECTION("an option longer than its block") {
    body.u32(0).u32(0).u32(2).u32(1).u32(1).raw({1}).pad().u16(1).u16(60000).u32(0);
    file.block(6, body);
    const Read read = read_bytes(file.bytes);
    REQUIRE(read.frames.size() == 2);
    CHECK(read.frames[1].comment.empty());
  }
  CHECK(read_bytes(file.bytes).frames.size() >= 1);
}

TEST_CASE("a header that is none is refused", "[pcapng]") {
  Writer file(std::endian::little);
  file.u32(0x0a0d0d0a).u32(28).u32(0x1a2b3c4d).u16(1);
  CHECK(contains(read_bytes(file.bytes).refused, "header is cut short or damaged"));
}

TEST_CASE("losses the capturing program counted", "[pcapng]") {
  const std::endian order = std::endian::little;
  Writer file(order);
  for (int section = 0; section < 2; ++section) {
    add_section(file, order);
    add_interface(file, order, 1);
    for (const std::uint64_t lost : {3u, 5u}) {
      Writer body(order), drop(order), os(order);
      drop.u64(lost);
      os.u64(2);
      body.u32(0).u32(0).u32(0).option(5, drop.bytes).option(7, os.bytes).option(0, {});
      file.block(5, body);
    }
  }
  CHECK(read_bytes(file.bytes).facts.dropped == 14);
}

TEST_CASE("what the recorder writes comes back", "[pcapng]") {
  Recording recording;
  std::uint64_t id = 0;
  std::vector<Read::Item> expected;
  for (const Named& packet : golden_packets()) {
    const auto at = Duration(1'700'000'000'000'000'000 + 12'345 * static_cast<Duration::rep>(id));
    const auto length = static_cast<std::uint32_t>(packet.bytes.size() + id % 2);
    recording.frames.push_back(
        {TimePoint(at), packet.link_type, length, packet.bytes, packet.name});
    expected.push_back({++id, at.count(), packet.link_type, length, packet.bytes, packet.name});
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, (std::size_t{3} << 20) + 5}) {
    recording.journal = std::string(size, 'j');
    const Read read = read_bytes(as_packet(to_pcapng(recording)));
    CHECK(read.frames == expected);
    CHECK(read.journal.value_or("") == recording.journal);
    CHECK_FALSE(read.facts.truncated);
  }
}

TEST_CASE("somebody else's custom block is no journal, but has a number", "[pcapng]") {
  const std::endian order = std::endian::little;
  Writer file(order), other(order), theirs(order);
  add_section(file, order);
  add_interface(file, order, 1);
  other.u32(32473).raw(as_packet("somebody's data!")).u32(4).u32(0);
  file.block(0x0bad, other);
  theirs.u32(4711).raw(as_packet("hopblame journal")).u32(4).u32(0);
  file.block(0x0bad, theirs);
  add_enhanced(file, order, 0, 1, {1});
  const Read read = read_bytes(file.bytes);
  CHECK_FALSE(read.journal);
  REQUIRE(read.frames.size() == 1);
  CHECK(read.frames[0].id == 3);
}

TEST_CASE("frames are numbered as tshark 4.0 numbers them", "[pcapng]") {
  const std::endian order = std::endian::little;
  Writer file(order), four(order);
  add_section(file, order);
  add_interface(file, order, 1);
  four.u32(32473);
  for (const std::uint32_t between : {0x0badu, 0x40000badu, 0x0bbbu, 9u, 4u, 10u}) {
    add_enhanced(file, order, 0, 1, {1});
    file.block(between, four);
  }
  add_enhanced(file, order, 0, 1, {1});
  std::vector<std::uint64_t> ids;
  for (const auto& frame : read_bytes(file.bytes).frames) ids.push_back(frame.id);
  CHECK(ids == std::vector<std::uint64_t>{1, 3, 5, 6, 8, 9, 10});
}
