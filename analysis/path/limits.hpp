#pragma once
// Could a limit on new connections have decided which SYNs are answered? It looks at when they come
// and how many came before, never at the flow.

#include <span>

#include "analysis/model/time.hpp"

namespace hopblame {

struct Passage {
  TimePoint at;
  bool passed = false;
};

/// In order of time. How many of them the limit that fits best would have treated otherwise: token
/// buckets (nft and iptables `limit`, hashlimit) and counts within a time (`recent`, `ufw limit`,
/// dropped ones counted or not), over all usual sizes.
[[nodiscard]] unsigned misfits_of_best_limit(std::span<const Passage> passages);

/// None of them explains these: more than two would have been treated otherwise. A limit hardly
/// errs; only what shifts on the way may make it look so.
[[nodiscard]] bool fits_no_limit(std::span<const Passage> passages);

/// Loss has no memory, a limit has. Were each of these lost by itself, as often as they were: how
/// often, at most, would any of the limits fit them as well as the best does?
[[nodiscard]] double chance_to_fit_a_limit(std::span<const Passage> passages);

}  // namespace hopblame
