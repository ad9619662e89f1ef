#pragma once
// How far from the client a capture was taken, by the hop limits of its SYNs.

#include <optional>
#include <vector>

#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// The SYN left with a known limit, so what is left of it tells how many hops it has passed.
[[nodiscard]] bool tells_place(const Attempt& attempt);

/// With this all SYNs of the client pass that tell their place: it is not one that a stack starts
/// with.
[[nodiscard]] std::optional<HopLimit> midway(const std::vector<Attempt>& sample,
                                             const IpAddress& client);

/// Of captures from several places put together, or of ways that change, hop limits can be compared
/// only where those of the questions agree: the place is that of the last that fared so.
[[nodiscard]] std::optional<HopLimit> place_of(const std::vector<Attempt>& sample,
                                               const IpAddress& client,
                                               std::optional<Outcome> outcome);
[[nodiscard]] bool is_elsewhere(const Attempt& attempt, std::optional<HopLimit> place);

}  // namespace hopblame::offline
