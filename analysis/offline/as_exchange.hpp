#pragma once
// An attempt of somebody else's as an exchange of the kind that the judges know.

#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// `enough`: with so many hops a probe that nobody answers was meant to arrive.
[[nodiscard]] Exchange exchange_of(const Attempt& attempt, Aim aim, unsigned enough);

}  // namespace hopblame::offline
