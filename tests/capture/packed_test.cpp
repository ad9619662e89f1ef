#include "tests/capture/capture_files.hpp"
#include "tests/support/catch.hpp"
#ifdef HOPBLAME_ZLIB
#include <zlib.h>
#endif
#ifdef HOPBLAME_ZSTD
#include <zstd.h>
#endif

using namespace hopblame;
using namespace hopblame::test;

namespace {

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

Packet plain_file() {
  const PcapKind kind;
  Writer file = pcap_header(kind, 101);
  for (std::uint32_t i = 0; i < 2000; ++i) add_record(file, kind, i + 1, i, syn_v4());
  return file.bytes;
}

void check_packed(const Packet& packed, const char* cut_short) {
  const Packet plain = plain_file();
  const Read read = read_bytes(packed);
  CHECK(read.frames == read_bytes(plain).frames);
  CHECK(read.frames.size() == 2000);
  CHECK(read.error.empty());
  CHECK_FALSE(read.facts.truncated);

  for (const std::size_t size : {packed.size() - 1, packed.size() / 2, packed.size() / 10}) {
    const Read half = read_bytes(Packet(packed.begin(), packed.begin() + std::ptrdiff_t(size)));
    CHECK(half.frames.size() <= 2000);
    CHECK((half.facts.truncated || !half.refused.empty()));
    CHECK(contains(half.error + half.refused, cut_short));
  }
  const Packet magic(packed.begin(), packed.begin() + 4);
  CHECK_FALSE(read_bytes(magic).refused.empty());
  CHECK_FALSE(read_bytes(magic + Packet(100, 0xff)).refused.empty());
}

}  // namespace

#ifdef HOPBLAME_ZLIB
namespace {
Packet gzip(const Packet& plain) {
  z_stream state{};
  REQUIRE(deflateInit2(&state, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Packet packed(deflateBound(&state, plain.size()) + 64);
  state.next_in = const_cast<Bytef*>(plain.data());
  state.avail_in = static_cast<uInt>(plain.size());
  state.next_out = packed.data();
  state.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&state, Z_FINISH) == Z_STREAM_END);
  packed.resize(state.total_out);
  deflateEnd(&state);
  return packed;
}
}  // namespace

TEST_CASE("a capture packed with gzip", "[packed]") {
  check_packed(gzip(plain_file()), "the gzip data is cut short");
}

TEST_CASE("gzip members after each other are one file", "[packed]") {
  const Packet plain = plain_file();
  const auto middle = plain.begin() + 12345;
  const Packet packed = gzip(Packet(plain.begin(), middle)) + gzip(Packet(middle, plain.end()));
  CHECK(read_bytes(packed).frames == read_bytes(plain).frames);
}

TEST_CASE("gzip in gzip is not opened a second time", "[packed]") {
  CHECK(contains(read_bytes(gzip(gzip(plain_file()))).refused, "not a capture"));
}
#endif

#ifdef HOPBLAME_ZSTD
TEST_CASE("a capture packed with zstd", "[packed]") {
  const Packet plain = plain_file();
  Packet packed(ZSTD_compressBound(plain.size()));
  packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 3));
  check_packed(packed, "the zstd data is cut short");
}
#endif
