#pragma once
// Another port of the same host, in whose place a run of ours has the comparison port.

#include "analysis/offline/signs_of_life.hpp"

namespace hopblame::offline {

/// The one of `client`'s that shows best how the host itself answers; null: none does. `exchanges`:
/// of the target, for a RST that looks like theirs may come from the same device. `silence`: when
/// the target did not answer, for what answered then tells most.
[[nodiscard]] const Target* control_of(const Book& book, const Target& target,
                                       const IpAddress& client,
                                       const std::vector<Exchange>& exchanges,
                                       const std::optional<Span>& silence);

}  // namespace hopblame::offline
