#pragma once
// A hash of who talks to whom, for tables that strangers fill: seed it.

#include "analysis/model/flow_key.hpp"

namespace hopblame::offline {

struct KeyHash {
  std::uint64_t seed = 0;

  [[nodiscard]] std::uint64_t operator()(const FlowKey& key) const {
    auto hash = fold(key.word<0>() ^ seed ^ k0, key.word<16>() ^ seed ^ k1);
    if (key.family == Family::ipv6)
      hash ^= fold(key.word<8>() ^ seed ^ k2, key.word<24>() ^ seed ^ k3);
    return fold(hash ^ k2, key.word<32>() ^ seed ^ k3);
  }
  [[nodiscard]] std::uint64_t operator()(const Endpoint& end) const {
    FlowKey key;
    key.low = end.address.bytes;
    key.low_port = end.port;
    key.family = end.address.family;
    return (*this)(key);
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
};

}  // namespace hopblame::offline
