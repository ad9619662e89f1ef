#include "analysis/offline/flow_hash.hpp"

namespace hopblame::offline {
namespace {

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
  hash = (hash ^ (hash >> 32)) * 0xd6e8feb86659fd93u;
  return hash ^ (hash >> 32);
}

std::uint64_t mix(std::uint64_t hash, const Endpoint& end) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < end.address.bytes.size(); ++i) {
    word = word << 8 | end.address.bytes[i];
    if (i % 8 == 7) hash = mix(hash, word);
  }
  return mix(hash, end.port);
}

}  // namespace

std::size_t FlowHash::operator()(const Flow& flow) const {
  return mix(mix(mix(seed, static_cast<std::uint64_t>(flow.transport)), flow.source),
             flow.destination);
}

}  // namespace hopblame::offline
