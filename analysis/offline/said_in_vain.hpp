#pragma once
// Of a stuck connection: who repeats what, how often, and whether the other end had it.

#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// Whoever began to repeat what it sent.
[[nodiscard]] bool is_of_server(const Attempt& attempt);
[[nodiscard]] Evidence in_vain(const Attempt& attempt);

}  // namespace hopblame::offline
