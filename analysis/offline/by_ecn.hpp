#pragma once
// SYNs that ask for ECN (ECE and CWR, RFC 3168) go unanswered, those without are answered.

#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// What lets the attempts of this client through only when they stop asking for it: each time, and
/// more often than chance loss brings about.
[[nodiscard]] std::optional<Explanation> drops_ecn(const std::vector<Attempt>& sample,
                                                   const IpAddress& client);

}  // namespace hopblame::offline
