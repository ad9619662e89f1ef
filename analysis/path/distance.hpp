#pragma once
// What a received hop limit tells about where its sender stands.
//
// Stacks start replies at 64, 128 or 255 (measured and cited in the signatures, section 3); one box
// may start its time exceeded and its RST at different values. What does not change is the number
// of routers on the way back: that number is what boxes are compared by.

#include <array>
#include <cstdint>

#include "analysis/model/ids.hpp"

namespace hopblame {

inline constexpr std::array<std::uint8_t, 3> initial_hop_limits{64, 128, 255};

/// Routers passed on the way back, for the smallest initial value that fits. A neighbour's is 0.
[[nodiscard]] constexpr std::uint8_t return_hops(HopLimit received) {
  for (const auto initial : initial_hop_limits)
    if (received.value <= initial) return static_cast<std::uint8_t>(initial - received.value);
  return 0;
}

/// Hop number of a sender on a symmetric path: return_hops + 1.
[[nodiscard]] std::uint8_t guessed_distance(HopLimit received);

/// Hop number of a sender, by how many more routers its answers pass on their way back than those
/// of a hop whose number is known.
[[nodiscard]] std::uint8_t distance_beyond(std::uint8_t known_hop, HopLimit of_known,
                                           HopLimit received);

/// Could a box whose answers pass `hops` routers on their way back have sent this one? Any initial
/// value.
[[nodiscard]] constexpr bool could_come_over(HopLimit received, std::uint8_t hops) {
  for (const auto initial : initial_hop_limits)
    if (received.value + hops == initial) return true;
  return false;
}

}  // namespace hopblame
