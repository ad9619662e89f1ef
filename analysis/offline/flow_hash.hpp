#pragma once
// A hash of who talks to whom, for tables that strangers fill: seed it.

#include <cstddef>
#include <cstdint>

#include "analysis/model/flow.hpp"

namespace hopblame::offline {

struct FlowHash {
  std::uint64_t seed = 0;
  [[nodiscard]] std::size_t operator()(const Flow& flow) const;
};

}  // namespace hopblame::offline
