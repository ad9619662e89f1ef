#pragma once
// A hash of who talks to whom, for tables that strangers fill: seed it.

#include <bit>

#include "analysis/model/flow_key.hpp"

namespace hopblame {

using AddressBytes = std::array<std::uint8_t, 16>;

class KeyHash {
 public:
  explicit KeyHash(std::uint64_t seed = 0)
      : salt0_(seed ^ k0), salt1_(seed ^ k1), salt2_(seed ^ k2), salt3_(seed ^ k3) {}

  [[nodiscard]] std::uint64_t operator()(const FlowKey& key) const {
    // One into the other: what is chosen for one part cannot make up for another, whose share
    // nobody knows without the seed.
    const auto upper = fold(key.word<0>() ^ salt0_, key.word<16>() ^ salt1_);
    // IPv4 has nothing there; asking would cost more than multiplying.
    const auto whole = fold(key.word<8>() ^ upper, key.word<24>() ^ salt2_);
    return fold(whole ^ k2, key.word<32>() ^ salt3_);
  }
  [[nodiscard]] std::uint64_t operator()(Family family, const AddressBytes& address,
                                         std::uint16_t port = 0) const {
    const auto [upper, lower] = std::bit_cast<std::array<std::uint64_t, 2>>(address);
    const auto rest = std::uint64_t{port} << 8 | static_cast<std::uint64_t>(family);
    return fold(fold(upper ^ salt0_, lower ^ salt1_) ^ k2, rest ^ salt3_);
  }
  [[nodiscard]] std::uint64_t operator()(const Endpoint& end) const {
    return (*this)(end.address.family, end.address.bytes, end.port);
  }
  [[nodiscard]] std::uint64_t operator()(const IpAddress& address) const {
    return (*this)(address.family, address.bytes);
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr std::uint64_t k0 = 0x9e3779b97f4a7c15, k1 = 0xd6e8feb86659fd93,
                                 k2 = 0xa0761d6478bd642f, k3 = 0xe7037ed1a0b428db;

  /// Both halves of the product: no difference of the input that a stranger can choose cancels out
  /// without knowing the seed.
  static std::uint64_t fold(std::uint64_t one, std::uint64_t other) {
    const auto product = static_cast<Wide>(one) * other;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }

  std::uint64_t salt0_, salt1_, salt2_, salt3_;
};

}  // namespace hopblame
