#pragma once
// Changing bytes in place, within their bounds: an offset beyond the end changes nothing.

#include <algorithm>
#include <span>

#include "capture/checksum.hpp"
#include "capture/cursor.hpp"
#include "capture/redact/scrambler.hpp"

namespace hopblame {

using Room = std::span<std::uint8_t>;

[[nodiscard]] inline Room from(Room room, std::size_t at) {
  return room.subspan(std::min(at, room.size()));
}

inline void blank(Room room, std::uint8_t with = 0) { std::fill(room.begin(), room.end(), with); }

inline void scramble_v4(Room room, std::size_t at, const Scrambler& scrambler) {
  if (room.size() < at + 4) return blank(from(room, at));
  const auto octets = room.subspan(at).first<4>();
  const IpAddress out = scrambler(IpAddress::v4(std::span<const std::uint8_t, 4>(octets)));
  std::copy_n(out.bytes.begin(), 4, octets.begin());
}

inline void scramble_v6(Room room, std::size_t at, const Scrambler& scrambler) {
  if (room.size() < at + 16) return blank(from(room, at));
  const auto octets = room.subspan(at).first<16>();
  const IpAddress out = scrambler(IpAddress::v6(std::span<const std::uint8_t, 16>(octets)));
  std::copy_n(out.bytes.begin(), 16, octets.begin());
}

inline void scramble_mac(Room room, std::size_t at, const Scrambler& scrambler) {
  if (room.size() < at + 6) return blank(from(room, at));
  Mac mac{};
  std::copy_n(room.begin() + static_cast<std::ptrdiff_t>(at), mac.size(), mac.begin());
  mac = scrambler(mac);
  std::copy(mac.begin(), mac.end(), room.begin() + static_cast<std::ptrdiff_t>(at));
}

[[nodiscard]] inline std::uint16_t u16_at(Bytes bytes, std::size_t at) {
  return Cursor(bytes.subspan(at)).u16();
}

inline void put_u16(Room room, std::size_t at, std::uint32_t value) {
  room[at] = static_cast<std::uint8_t>(value >> 8);
  room[at + 1] = static_cast<std::uint8_t>(value);
}

/// Repairs the checksum at `at`, where it was captured.
inline void repair(Room room, std::size_t at, std::uint32_t before, std::uint32_t after) {
  if (room.size() < at + 2) return;
  put_u16(room, at, repaired(u16_at(room, at), before, after));
}

}  // namespace hopblame
