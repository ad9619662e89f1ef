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

/// Source and destination, protocol and length (RFC 9293 section 3.1, RFC 8200 section 8.1),
/// folded. `addresses`: their sum. Where a device is to finish a checksum, the field holds just
/// this (Linux, CHECKSUM_PARTIAL): so do packets between virtual machines and containers of one
/// host.
[[nodiscard]] std::uint32_t pseudo_header_sum(std::uint32_t addresses, std::uint8_t protocol,
                                              std::uint32_t length);

}  // namespace hopblame
