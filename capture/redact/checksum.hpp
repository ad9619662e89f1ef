#pragma once
// The Internet checksum (RFC 1071), repaired by what changed (RFC 1624): a right one stays right,
// a wrong one stays wrong by as much, and bytes that were never captured need not be known.

#include <cstdint>

#include "capture/cursor.hpp"

namespace hopblame {

/// One's complement sum of 16-bit words, folded; an odd byte counts as the high half.
[[nodiscard]] std::uint32_t ones_sum(Bytes bytes, std::uint32_t start = 0);

/// The checksum after `before` became `after`: both folded sums over what it covers.
[[nodiscard]] std::uint16_t repaired(std::uint16_t checksum, std::uint32_t before,
                                     std::uint32_t after);

}  // namespace hopblame
