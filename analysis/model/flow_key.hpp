#pragma once
// Who talks to whom, without saying who began: both directions of a flow have the same key.

#include <cstring>

#include "analysis/model/flow.hpp"

namespace hopblame {

/// Plain words, so that two keys compare in a few instructions. The lower end comes first.
struct FlowKey {
  std::array<std::uint8_t, 16> low{}, high{};  ///< addresses; IPv4: four bytes, the rest 0
  std::uint16_t low_port = 0, high_port = 0;
  Family family = Family::ipv4;
  Transport transport = Transport::tcp;
  std::uint16_t unused = 0;  ///< no bytes without a value: they are compared and hashed

  static constexpr std::size_t size = 40;
  /// The eight bytes from `At` on.
  template <std::size_t At>
  [[nodiscard]] std::uint64_t word() const {
    static_assert(At + 8 <= size);
    std::uint64_t value;
    std::memcpy(&value, reinterpret_cast<const char*>(this) + At, sizeof value);
    return value;
  }
  [[nodiscard]] bool operator==(const FlowKey& other) const {
    return word<0>() == other.word<0>() && word<16>() == other.word<16>() &&
           word<32>() == other.word<32>() && word<8>() == other.word<8>() &&
           word<24>() == other.word<24>();
  }
};

static_assert(sizeof(FlowKey) == FlowKey::size);

/// A flow as seen from one of its ends.
struct DirectedKey {
  FlowKey key;
  bool from_low = true;  ///< the source is the lower end

  [[nodiscard]] Flow flow() const {
    const Endpoint low{{key.family, key.low}, key.low_port},
        high{{key.family, key.high}, key.high_port};
    return from_low ? Flow{key.transport, low, high} : Flow{key.transport, high, low};
  }
  [[nodiscard]] IpAddress source() const { return {key.family, from_low ? key.low : key.high}; }
  [[nodiscard]] IpAddress destination() const {
    return {key.family, from_low ? key.high : key.low};
  }
};

[[nodiscard]] DirectedKey key_of(const Flow& flow);

}  // namespace hopblame
