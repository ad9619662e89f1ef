#include "analysis/compare/flows.hpp"

#include <algorithm>

namespace hopblame::compare {
namespace {

constexpr unsigned no_chance = 3;  ///< SYNs of one connection, and connections of each kind
constexpr unsigned turns = 3;      ///< a table that is full, or a change for good, makes one

}  // namespace

std::optional<Flows> flows_of(const std::vector<AttemptFinding>& attempts) {
  Flows flows;
  unsigned changes = 0;
  std::optional<bool> before;
  for (const auto& attempt : attempts) {
    const bool shut = attempt.finding == Finding::request_lost;
    if (!shut && attempt.finding != Finding::answered) continue;
    if (shut ? attempt.lost < no_chance : attempt.syns_lost > 0) return {};
    (shut ? flows.shut : flows.open) += 1;
    flows.lost += attempt.lost;
    if (before && *before != shut) ++changes;
    before = shut;
  }
  const bool enough = std::min(flows.shut, flows.open) >= no_chance && changes >= turns;
  return enough ? std::optional(flows) : std::nullopt;
}

}  // namespace hopblame::compare
