#pragma once
// A hash of who talks to whom, for tables that strangers fill: seed it.

#include "analysis/model/flow_key.hpp"

namespace hopblame::offline {

struct KeyHash {
  std::uint64_t seed = 0;
  [[nodiscard]] std::uint64_t operator()(const FlowKey& key) const;
  [[nodiscard]] std::uint64_t operator()(const Endpoint& end) const;
};

}  // namespace hopblame::offline
