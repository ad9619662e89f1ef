#pragma once
// What other hosts do while one keeps silent to the same client: the ways there have their first
// part in common.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// Some answer meanwhile, or some that answered before fell silent at the same time.
[[nodiscard]] std::vector<Evidence> of_other_hosts(const Book& book, const Target& target,
                                                   const std::vector<Attempt>& sample,
                                                   const IpAddress& client);

}  // namespace hopblame::offline
