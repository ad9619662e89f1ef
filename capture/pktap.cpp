#include "capture/pktap.hpp"

namespace hopblame {
namespace {

/// Every Mac that captures so writes its numbers like this.
std::uint32_t little_endian(Cursor& in) {
  const std::uint32_t low = in.u8(), second = in.u8(), third = in.u8(), high = in.u8();
  return low | second << 8 | third << 16 | high << 24;
}

}  // namespace

PktapFrame pktap_frame(Bytes frame) {
  constexpr std::uint32_t smallest = 12, packet = 1, most_link_type = 0xffff;
  Cursor in(frame);
  const auto length = little_endian(in), record = little_endian(in), link = little_endian(in);
  if (!in.ok() || length > frame.size()) return {0, 0, "link header cut off"};
  if (length < smallest || record != packet || link > most_link_type)
    return {0, 0, "link type is not read"};
  return {static_cast<int>(link), length, nullptr};
}

}  // namespace hopblame
