#pragma once
// Initial hop limits beside the usual ones: of old stacks (HP-UX 9 30, Windows 95 32, AIX and VMS
// 60), and as administrators set them.

#include <algorithm>
#include <array>

#include "analysis/path/distance.hpp"

namespace hopblame {

inline constexpr std::array<std::uint8_t, 5> odd_hop_limits{30, 32, 60, 100, 200};

[[nodiscard]] constexpr bool is_odd_hop_limit(int began) {
  return std::ranges::find(odd_hop_limits, began) != odd_hop_limits.end();
}

/// guessed_distance(); where hardly any way is so long, by the nearest of these instead.
[[nodiscard]] inline std::uint8_t likely_distance(HopLimit received) {
  constexpr int longest = 30;
  const auto usual = guessed_distance(received);
  if (usual <= longest) return usual;
  const auto odd = std::ranges::lower_bound(odd_hop_limits, received.value);
  if (odd == odd_hop_limits.end() || *odd - received.value >= longest) return usual;
  return static_cast<std::uint8_t>(*odd - received.value + 1);
}

}  // namespace hopblame
