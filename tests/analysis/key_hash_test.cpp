// Who may send any address and port must not find flows that meet in one place of a table.
#include "analysis/offline/key_hash.hpp"

#include <bit>
#include <functional>
#include <set>

#include "tests/support/catch.hpp"

using namespace hopblame;
using hopblame::offline::KeyHash;

namespace {

using Words = std::array<std::uint64_t, 2>;

/// Hashes of 1000 flows between addresses of two words each, and the low port.
std::size_t distinct(const std::function<FlowKey(std::uint64_t)>& flow) {
  const KeyHash hash{0x0123456789abcdef};
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < 1000; ++i) seen.insert(hash(flow(i)));
  return seen.size();
}

FlowKey between(Words low, Words high, std::uint16_t port = 22) {
  FlowKey key{};
  key.family = Family::ipv6;
  key.low = std::bit_cast<std::array<std::uint8_t, 16>>(low);
  key.high = std::bit_cast<std::array<std::uint8_t, 16>>(high);
  key.low_port = port;
  return key;
}

// As the hash has them.
constexpr std::uint64_t k0 = 0x9e3779b97f4a7c15, k1 = 0xd6e8feb86659fd93, k2 = 0xa0761d6478bd642f,
                        k3 = 0xe7037ed1a0b428db;

}  // namespace

TEST_CASE("hash of a flow: halves of addresses that are chosen for each other do not cancel out") {
  CHECK(distinct([](std::uint64_t i) {
          return between({i, i ^ k0 ^ k2}, {7 * i, 7 * i ^ k1 ^ k3});
        }) == 1000);
}

TEST_CASE("hash of a flow: half an address that is chosen for the port does not make up for it") {
  CHECK(distinct([](std::uint64_t i) {
          const auto port = static_cast<std::uint16_t>(i);
          const auto word = between({}, {}, port).word<32>() * k2;
          return between({1, word}, {2, 3}, port);
        }) == 1000);
}
