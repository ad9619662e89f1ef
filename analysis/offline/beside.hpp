#pragma once
// New connections to a port fail while others to it, of the same client, live: whatever stops the
// new ones lets packets to the port pass.

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// `silence`: what the judges say of the new ones alone. Absent: none lives beside them.
[[nodiscard]] std::optional<Verdict> only_new_ones(const std::vector<Attempt>& sample,
                                                   const IpAddress& client, const Verdict& silence);

}  // namespace hopblame::offline
