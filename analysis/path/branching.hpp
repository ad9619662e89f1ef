#pragma once
// Does the path visibly divide? Flows then may meet what others do not.

#include <optional>

#include "analysis/path/walk.hpp"

namespace hopblame {

/// The first hop at which several routers answered probes that died there, on any flow.
[[nodiscard]] std::optional<std::uint8_t> branches_at(const Walk& target, const Walk& control);

}  // namespace hopblame
