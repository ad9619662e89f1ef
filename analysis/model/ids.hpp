#pragma once
// One-field types for numbers that must not be swapped.

#include <compare>
#include <cstdint>

namespace hopblame {

/// A packet's number in the file, 1-based, as Wireshark counts: this is what a verdict cites.
struct FrameId {
  std::uint64_t value = 0;
  auto operator<=>(const FrameId&) const = default;
};

/// IPv4 TTL or IPv6 hop limit (RFC 791 section 3.1, RFC 8200 section 3).
struct HopLimit {
  std::uint8_t value = 0;
  auto operator<=>(const HopLimit&) const = default;
};

/// Number of a probe within a run, in order of sending, 0-based.
struct ProbeId {
  std::uint32_t value = 0;
  auto operator<=>(const ProbeId&) const = default;
};

}  // namespace hopblame
