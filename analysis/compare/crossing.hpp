#pragma once
// The packets of one attempt as both captures show them, for a reader to look at.

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

inline constexpr std::size_t most_crossings = 32;

/// By the client's clock. Of too many those are left out that went as they should, the last first;
/// `left_out` says how many.
[[nodiscard]] std::vector<Crossing> crossings_of(std::span<const Journey> journeys,
                                                 const Clock& clock, LeftOut& left_out);

}  // namespace hopblame::compare
