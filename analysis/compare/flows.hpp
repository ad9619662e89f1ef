#pragma once
// Connections of which some lose all their SYNs while others lose none.

#include <optional>

#include "analysis/compare/comparison.hpp"

namespace hopblame::compare {

struct Flows {
  std::size_t shut = 0, open = 0;  ///< connections
  unsigned lost = 0;               ///< SYNs of those that are shut
};

/// Absent: too few to tell, they did not take turns, or one lost some of its SYNs only. Chance and
/// limits let a repeated SYN through at last.
[[nodiscard]] std::optional<Flows> flows_of(const std::vector<AttemptFinding>& attempts);

}  // namespace hopblame::compare
