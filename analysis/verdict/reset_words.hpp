#pragma once
// What a RST says of its own cause. It may carry data (RFC 9293 section 3.5.3): BIG-IP writes a
// sentence there. They are words of whoever made it, and anybody on the way can write some.

#include <optional>

#include "analysis/model/exchange.hpp"
#include "analysis/model/verdict.hpp"

namespace hopblame {

/// Nothing, where it says nothing that a person can read.
[[nodiscard]] std::optional<Evidence> words_of(const Reply& reset);

/// The window as a NetScaler uses it, where the number is one of its codes.
[[nodiscard]] std::optional<Evidence> code_of(const Reply& reset);

}  // namespace hopblame
