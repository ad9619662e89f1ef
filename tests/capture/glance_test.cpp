// The short way to a Sighting says what the long way says, or declines.
#include "capture/glance.hpp"
#include "tests/capture/agreement.hpp"
#include "tests/capture/capture_files.hpp"
#include "tests/capture/packets.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

/// True when the short way took it.
bool check_same(const std::string& name, const Frame& frame) {
  Sighting quick;
  if (!glance(frame, quick)) return false;
  const Observation observation = decode(frame);
  const char* differs = disagreement(quick, sighting_of(observation));
  if (differs != nullptr)
    FAIL(name << ": " << differs << " in " << hex({frame.bytes.begin(), frame.bytes.end()}));
  return true;
}

void check_every_cut(const Named& packet) {
  for (std::size_t size = 0; size < packet.bytes.size(); ++size) {
    const Packet part(packet.bytes.begin(), packet.bytes.begin() + std::ptrdiff_t(size));
    Frame frame = frame_of(packet.link_type, part);
    frame.original_length = static_cast<std::uint32_t>(packet.bytes.size());
    check_same(packet.name, frame);
  }
}

void check_every_byte(const Named& packet) {
  for (std::size_t at = 0; at < packet.bytes.size(); ++at)
    for (const int flip : {0x01, 0x10, 0x80, 0xff}) {
      Named other = packet;
      other.bytes[at] = static_cast<std::uint8_t>(other.bytes[at] ^ flip);
      check_same(packet.name, frame_of(other.link_type, other.bytes));
    }
}

}  // namespace

TEST_CASE("a glance sees what the decoder sees, whole, cut anywhere, with any byte changed",
          "[glance]") {
  for (const Named& packet : golden_packets()) {
    check_same(packet.name, frame_of(packet.link_type, packet.bytes));
    check_every_cut(packet);
    check_every_byte(packet);
  }
}

TEST_CASE("what large captures are made of takes the short way", "[glance]") {
  CHECK(check_same("SYN", frame_of(raw, syn_v4())));
  CHECK(check_same("SYN", frame_of(raw, syn_v6())));
  CHECK(check_same("error", frame_of(raw, icmp_error_v4(11, 0, syn_v4(), 28))));
  CHECK(check_same("error", frame_of(raw, icmp_error_v4(3, 13, syn_v4(), 40))));
  CHECK(check_same("error", frame_of(raw, icmp_error_v6(3, 0, syn_v6(), 48))));
}

TEST_CASE("frames read together are those read one by one", "[glance]") {
  Writer file = pcap_header({}, raw);
  for (std::uint32_t i = 0; i < 5000; ++i)
    add_record(file, {}, i, 7, Packet(i % 300, static_cast<std::uint8_t>(i)));
  const auto one_by_one = read_bytes(file.bytes);
  auto opened = open_bytes(file.bytes, "test");
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  std::array<Frame, 64> room;
  std::size_t seen = 0;
  while (const auto count = source.next_frames(room))
    for (const auto& frame : std::span(room).first(count)) {
      const auto& expected = one_by_one.frames.at(seen++);
      REQUIRE(frame.id.value == expected.id);
      REQUIRE(Packet(frame.bytes.begin(), frame.bytes.end()) == expected.bytes);
    }
  CHECK(seen == one_by_one.frames.size());
}
