#include "tests/capture/survival.hpp"

#include <algorithm>

#include "capture/pcapng/journal.hpp"
#include "capture/transport.hpp"
#include "tests/capture/agreement.hpp"
#include "tests/support/catch.hpp"

namespace hopblame::test {
namespace {

Observation prefix(const Named& packet, std::size_t size) {
  const Packet part(packet.bytes.begin(), packet.bytes.begin() + std::ptrdiff_t(size));
  Frame frame = frame_of(packet.link_type, part);
  frame.original_length = static_cast<std::uint32_t>(packet.bytes.size());
  return decode(frame);
}

Packet turned(Packet bytes, std::size_t bit) {
  bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
  return bytes;
}

bool same_packet(const Read::Item& part, const Read::Item& whole) {
  return part.id == whole.id && part.at == whole.at && part.link_type == whole.link_type &&
         part.bytes.size() <= whole.bytes.size() &&
         std::equal(part.bytes.begin(), part.bytes.end(), whole.bytes.begin());
}

void check_start(const Read& part, const Read& whole) {
  REQUIRE(part.frames.size() <= whole.frames.size());
  for (std::size_t i = 0; i < part.frames.size(); ++i) {
    REQUIRE(same_packet(part.frames[i], whole.frames[i]));
    if (i + 1 < part.frames.size()) REQUIRE(part.frames[i] == whole.frames[i]);
  }
  REQUIRE(part.error.empty() == !part.facts.truncated);
}

/// Within bounds, and the same in both ways of reading.
void check_reading(const Packet& file) {
  const Read read = read_bytes(file);
  REQUIRE(same_without_comments(read, read_together(open_bytes(file, "test"))));
  for (const auto& item : read.frames) {
    REQUIRE(item.original >= item.bytes.size());
    REQUIRE(item.at >= 0);
  }
  if (read.journal) static_cast<void>(read_journal(*read.journal));
}

}  // namespace

void check_bounds(const Observation& seen) {
  if (const auto* tcp = std::get_if<TcpSegment>(&seen.message))
    REQUIRE(tcp->text.size() <= most_text);
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

void check_flips(const Named& packet) {
  for (std::size_t bit = 0; bit < packet.bytes.size() * 8; ++bit)
    check_prefixes({packet.name, packet.link_type, turned(packet.bytes, bit)}, 13 + bit % 7);
}

void check_prefixes(const Packet& file) {
  const Read whole = read_bytes(file);
  REQUIRE(whole.refused.empty());
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto end = file.begin() + static_cast<std::ptrdiff_t>(size);
    check_start(read_bytes({file.begin(), end}), whole);
    check_reading({file.begin(), end});
  }
}

void check_flips(const Packet& file) {
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) check_reading(turned(file, bit));
}

}  // namespace hopblame::test
