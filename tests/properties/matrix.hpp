#pragma once
// The scenario matrix, one row a fault, with the verdict each must get, in terms of the length of
// the path: n is the distance of the host, f the router with the fault.

#include <functional>
#include <string>
#include <vector>

#include "analysis/model/words.hpp"
#include "tests/properties/chain.hpp"

namespace hopblame::properties {

struct Place {
  CulpritKind kind = CulpritKind::unknown;
  unsigned first = 0, last = 0;
};

struct Expected {
  std::vector<Outcome> outcomes;  ///< any of them
  Place culprit;
  std::vector<Mechanism> best;    ///< rank 1, all of them
  std::vector<Mechanism> rarer;   ///< rank 2, all of them
  std::vector<CaveatId> caveats;  ///< must be there; others may
  unsigned true_hop = 0;
};

struct MatrixRow {
  std::string id;
  unsigned least_hops = 1;  ///< shortest path on which the row makes sense
  bool moves = false;       ///< the fault is on a router, try every place
  std::function<Chain(unsigned n, unsigned f)> chain;
  std::function<Expected(unsigned n, unsigned f)> expected;
  unsigned least_fault = 1;  ///< nearest router it can be on
  unsigned room_behind = 1;  ///< hops from that router to the host, at least
  /// Chance decides what gets lost: of a hundred networks one may look like a fault, weakly.
  bool by_chance = false;
};

[[nodiscard]] const std::vector<MatrixRow>& matrix();

}  // namespace hopblame::properties
