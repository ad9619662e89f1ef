#pragma once
// The SYNs that have to pass a hop, in order of time, and whether each came through: what a limit
// on new connections that stands there would have decided.

#include <optional>
#include <span>
#include <vector>

#include "analysis/model/exchange.hpp"
#include "analysis/path/limits.hpp"

namespace hopblame {

/// With more hops to go than `hop`, to either port or to that of `aim`. Of a SYN that connect()
/// repeated the first and the answered one are known.
[[nodiscard]] std::vector<Passage> passages_beyond(std::span<const Exchange> exchanges,
                                                   std::uint8_t hop, std::optional<Aim> aim = {});

}  // namespace hopblame
