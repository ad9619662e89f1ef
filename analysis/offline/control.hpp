#pragma once
// Another port of the same host, in whose place a run of ours has the comparison port.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// The one of `client`'s that shows best how the host itself answers; null: none does. `exchanges`:
/// of the target, for a RST that looks like theirs may come from the same device.
[[nodiscard]] const Target* control_of(const Book& book, const Target& target,
                                       const IpAddress& client,
                                       const std::vector<Exchange>& exchanges);

}  // namespace hopblame::offline
