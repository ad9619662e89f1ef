#pragma once
// Where the two captures were taken, by the packets that both have.

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

/// The one for the other.
[[nodiscard]] bool are_swapped(const std::vector<Journey>& met);
/// At one place: the same file, or a part of it.
[[nodiscard]] bool are_of_one_place(const std::vector<Journey>& met);
/// The second not at the server, but before it.
[[nodiscard]] bool are_midway(const std::vector<Journey>& met);

/// The same of the first capture, by what the client sends: but some packets of a walk.
[[nodiscard]] bool is_client_midway(const std::vector<Journey>& met);

}  // namespace hopblame::compare
