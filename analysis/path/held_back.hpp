#pragma once
// Answers in the host's name that somebody gave seconds late, while other ones come at once.

#include <span>

#include "analysis/model/exchange.hpp"

namespace hopblame {

/// SYNs are turned away a second or more after the host's fastest answer: whoever does it waits for
/// a connection of its own that fails (a neighbour looked for in vain takes 3 s), be it on every
/// SYN again. That is no part of the way.
[[nodiscard]] bool are_held_back(std::span<const Exchange> exchanges);

}  // namespace hopblame
