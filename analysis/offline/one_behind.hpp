#pragma once
// A proxy or load balancer makes a connection of its own for each that it accepts. Of a capture
// made there both are seen, with nothing in common but the time.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// Another client's attempts elsewhere fail at the same moments, just after these or just before.
[[nodiscard]] std::optional<Evidence> fails_together(const Book& book, const Target& target,
                                                     const std::vector<Attempt>& sample,
                                                     Outcome outcome, const IpAddress& client);

}  // namespace hopblame::offline
