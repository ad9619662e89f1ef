#include "analysis/path/distance.hpp"

#include <algorithm>

namespace hopblame {

std::uint8_t guessed_distance(HopLimit received) {
  return static_cast<std::uint8_t>(std::min(return_hops(received) + 1, 255));
}

std::uint8_t distance_beyond(std::uint8_t known_hop, HopLimit of_known, HopLimit received) {
  const int more = return_hops(received) - return_hops(of_known);
  return static_cast<std::uint8_t>(std::clamp(known_hop + std::max(more, 1), 1, 255));
}

}  // namespace hopblame
