#pragma once
// What a device between the two points changed in packets that passed it.

#include <vector>

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

/// Each kind of change once, with the packet that shows it first.
[[nodiscard]] std::vector<Rewrite> rewrites_of(const std::vector<Journey>& journeys);

/// What was changed in each of them.
[[nodiscard]] std::vector<std::vector<Field>> changes_by_packet(std::span<const Journey> journeys);

/// Routers that lowered the hop limit of most packets on this way; absent: no packet tells.
[[nodiscard]] std::optional<std::uint8_t> routers_passed(std::span<const Journey> journeys,
                                                         Way way);

/// Between the two captures, by the way there. Where a device on it sets the hop limit, so that no
/// router shows, those of the way back: they lie between at any rate.
[[nodiscard]] std::optional<std::uint8_t> routers_between(std::span<const Journey> journeys);

}  // namespace hopblame::compare
