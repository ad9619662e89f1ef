#pragma once
// The packets of one capture, found by who is called: of a million those of one target.

#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "analysis/compare/call.hpp"
#include "analysis/model/key_hash.hpp"

namespace hopblame::compare {

class ByAddress {
 public:
  /// `calls`: of these packets. `seed`: of the hash; any number gives the same result.
  ByAddress(std::span<const Observation> packets, const std::vector<Call>& calls,
            std::uint64_t seed);

  /// To or from any of these addresses, in order.
  [[nodiscard]] Packets of(const std::set<IpAddress>& addresses) const;

 private:
  [[nodiscard]] Packets looked_for(const std::set<IpAddress>& addresses) const;

  std::span<const Observation> packets_;
  std::unordered_map<IpAddress, std::vector<std::uint32_t>, KeyHash> of_address_;
};

}  // namespace hopblame::compare
