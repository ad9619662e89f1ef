#pragma once
// Programs that try the addresses of both families give one up as soon as the other is there.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// Each SYN to this target was sent once, and within moments a connection to the same port was made
/// by the other family (RFC 8305).
[[nodiscard]] std::optional<Text> went_on_by_other_family(const Book& book, const Target& target,
                                                          const std::vector<Attempt>& sample);

}  // namespace hopblame::offline
