#include "analysis/path/distance.hpp"

#include <algorithm>

namespace hopblame {

std::uint8_t return_hops(HopLimit received) {
  for (const auto initial : initial_hop_limits)
    if (received.value <= initial) return static_cast<std::uint8_t>(initial - received.value);
  return 0;
}

std::uint8_t guessed_distance(HopLimit received) {
  return static_cast<std::uint8_t>(std::min(return_hops(received) + 1, 255));
}

std::uint8_t distance_beyond(std::uint8_t known_hop, HopLimit of_known, HopLimit received) {
  const int more = return_hops(received) - return_hops(of_known);
  return static_cast<std::uint8_t>(std::clamp(known_hop + std::max(more, 1), 1, 255));
}

bool could_come_over(HopLimit received, std::uint8_t hops) {
  return std::ranges::any_of(initial_hop_limits, [&](std::uint8_t initial) {
    return initial >= hops && received.value == initial - hops;
  });
}

}  // namespace hopblame
