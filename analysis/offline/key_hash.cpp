#include "analysis/offline/key_hash.hpp"

namespace hopblame::offline {
namespace {

__extension__ using Wide = unsigned __int128;

/// Both halves of the product: no difference of the input that a stranger can choose cancels out
/// without knowing the seed.
std::uint64_t fold(std::uint64_t one, std::uint64_t other) {
  const auto product = static_cast<Wide>(one) * other;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::uint64_t k0 = 0x9e3779b97f4a7c15, k1 = 0xd6e8feb86659fd93, k2 = 0xa0761d6478bd642f,
                        k3 = 0xe7037ed1a0b428db;

}  // namespace

std::uint64_t KeyHash::operator()(const FlowKey& key) const {
  const auto words = key.words();
  auto hash = fold(words[0] ^ seed ^ k0, words[2] ^ seed ^ k1);
  if (key.family == Family::ipv6) hash ^= fold(words[1] ^ seed ^ k2, words[3] ^ seed ^ k3);
  return fold(hash ^ k2, words[4] ^ seed ^ k3);
}

std::uint64_t KeyHash::operator()(const Endpoint& end) const {
  FlowKey key;
  key.low = end.address.bytes;
  key.low_port = end.port;
  key.family = end.address.family;
  return (*this)(key);
}

}  // namespace hopblame::offline
