#include "capture/other_formats.hpp"
#include "tests/capture/capture_files.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

constexpr auto both = {std::endian::little, std::endian::big};

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

Packet two_records(PcapKind kind) {
  Writer file = pcap_header(kind, 1);
  add_record(file, kind, 1'700'000'000, 123'456, {1, 2, 3});
  add_record(file, kind, 1'700'000'001, 999'999, {4, 5}, 1500);
  return file.bytes;
}

}  // namespace

TEST_CASE("classic pcap in both byte orders and every magic", "[pcap]") {
  for (const std::endian order : both) {
    for (const std::uint32_t magic : {0xa1b2c3d4u, 0xa1b23c4du, 0xa1b2cd34u}) {
      INFO(std::hex << magic);
      const Duration::rep unit = magic == 0xa1b23c4d ? 1 : 1000;
      const Read read = read_bytes(two_records({order, magic}));
      REQUIRE(read.frames.size() == 2);
      CHECK(read.frames[0] ==
            Read::Item{1, 1'700'000'000'000'000'000 + 123'456 * unit, 1, 3, {1, 2, 3}, ""});
      CHECK(read.frames[1] ==
            Read::Item{2, 1'700'000'001'000'000'000 + 999'999 * unit, 1, 1500, {4, 5}, ""});
      CHECK(read.error.empty());
      CHECK_FALSE(read.facts.truncated);
      CHECK_FALSE(read.facts.clock_stepped);
      CHECK(read.facts.started.time_since_epoch().count() == read.frames[0].at);
      CHECK(read.facts.horizon.time_since_epoch().count() == read.frames[1].at);
      CHECK_FALSE(read.journal);
    }
  }
}

TEST_CASE("every prefix of a pcap gives the whole records in it", "[pcap]") {
  for (const std::uint32_t magic : {0xa1b2c3d4u, 0xa1b2cd34u}) {
    const PcapKind kind{std::endian::little, magic};
    const Packet whole = two_records(kind);
    const std::size_t record = magic == 0xa1b2cd34 ? 24 : 16;
    const std::size_t first = 24 + record + 3;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      INFO(size);
      const Read read = read_bytes(Packet(whole.begin(), whole.begin() + std::ptrdiff_t(size)));
      CHECK(read.refused.empty() == (size >= 24));
      CHECK(read.frames.size() == (size < first ? 0u : size < whole.size() ? 1u : 2u));
      const bool orderly = size < 24 || size == 24 || size == first || size == whole.size();
      CHECK(read.facts.truncated == !orderly);
      CHECK(read.error.empty() == orderly);
    }
  }
}

TEST_CASE("a damaged pcap is read as far as it goes, and the damage is named", "[pcap]") {
  const PcapKind kind;
  Writer file = pcap_header(kind, 101);
  SECTION("more captured than sent") {
    add_record(file, kind, 5, 0, {1, 2, 3}, 2);
    const Read read = read_bytes(file.bytes);
    REQUIRE(read.frames.size() == 1);
    CHECK(read.frames[0].original == 3);
    CHECK(read.facts.truncated);
    CHECK(contains(read.error, "test: a record holds more bytes than its packet had"));
  }
  SECTION("microseconds beyond a second") {
    add_record(file, kind, 5, 4'000'000'000, {1});
    const Read read = read_bytes(file.bytes);
    REQUIRE(read.frames.size() == 1);
    CHECK(read.frames[0].at == 4'005'000'000'000);
    CHECK(read.facts.truncated);
  }
  SECTION("a record of 4 GiB") {
    add_record(file, kind, 5, 0, {1});
    file.u32(6).u32(0).u32(0xffffffff).u32(0xffffffff);
    const Read read = read_bytes(file.bytes);
    CHECK(read.frames.size() == 1);
    CHECK(contains(read.error, "16 MiB"));
  }
  SECTION("time that runs backwards") {
    add_record(file, kind, 1000, 0, {1});
    add_record(file, kind, 900, 0, {2});
    const Read read = read_bytes(file.bytes);
    CHECK(read.frames.size() == 2);
    CHECK(read.facts.clock_stepped);
    CHECK_FALSE(read.facts.truncated);
    CHECK(read.facts.started == TimePoint(std::chrono::seconds(900)));
    CHECK(read.facts.horizon == TimePoint(std::chrono::seconds(1000)));
  }
  SECTION("two interfaces a little out of step are no clock that was set") {
    add_record(file, kind, 1000, 500, {1});
    add_record(file, kind, 1000, 100, {2});
    CHECK_FALSE(read_bytes(file.bytes).facts.clock_stepped);
  }
}

TEST_CASE("what is no capture is refused in one line that says what it is", "[pcap]") {
  CHECK(contains(read_bytes({}).refused, "test: not a capture: it is empty"));
  for (const auto* start : {"BZh91AY&SY",
                            "\xfd"
                            "7zXZ"})
    CHECK(contains(read_bytes(Packet(start, start + 6)).refused, "it is packed; unpack it first"));
  CHECK(contains(read_bytes(as_packet("22:13:20.000011 IP 10.20.30.40.5 > ")).refused,
                 "it is text, as tcpdump prints it"));
  CHECK(contains(read_bytes(as_packet("GMBU aaaaaaaaaaaaaa")).refused,
                 "Microsoft Network Monitor; make a capture of it with: editcap -F pcapng"));
  CHECK(known_as("a.etl", "").find("pktmon etl2pcap") != std::string::npos);
  CHECK(known_as("a.tar.gz", "").find("tar xzf") != std::string::npos);
  CHECK(known_as("a.pcap", "GET / HTTP/1").empty());
  CHECK(contains(read_bytes(as_packet("GET / HTTP/1.1\r\n")).refused,
                 "it begins with 47 45 54 20 2f 20 48 54 54 50 2f 31 \"GET / HTTP/1\""));
  CHECK(contains(read_bytes(as_packet("\x1b[2J\nx")).refused, "\"\\x1b[2J\\x0ax\""));
  CHECK(contains(read_all(open_file("/no/such/file")).refused, "No such file"));
  CHECK(contains(read_all(open_file("/tmp")).refused, "/tmp: Is a directory"));
  const std::string odd = read_all(open_file("/no/\x1b[31m\n")).refused;
  CHECK(contains(odd, "/no/\\x1b[31m\\x0a: "));
}

TEST_CASE("a large record crosses the edges of the buffer", "[pcap]") {
  const PcapKind kind;
  Writer file = pcap_header(kind, 1);
  Packet large(700'000);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 7 >> 3);
  for (std::uint32_t i = 0; i < 8; ++i) {
    add_record(file, kind, i + 1, 0, large);
    add_record(file, kind, i + 1, 1, {9, 8, 7});
  }
  const Read read = read_bytes(file.bytes);
  REQUIRE(read.frames.size() == 16);
  for (std::size_t i = 0; i < 16; ++i)
    CHECK(read.frames[i].bytes == (i % 2 == 0 ? large : Packet{9, 8, 7}));
}
