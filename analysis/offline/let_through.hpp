#pragma once
// Silence that is no filter's: at the same time it lets some of the same SYNs through.

#include "analysis/offline/attempt.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame::offline {

/// Of a client some of whose attempts nobody answered: others got an answer only when their SYN was
/// sent again, meanwhile. `silence` is what the silent ones alone are found to be; absent where no
/// attempt was let through so.
[[nodiscard]] std::optional<Finding> let_through(const std::vector<Attempt>& sample,
                                                 const IpAddress& client, const Verdict& silence);

}  // namespace hopblame::offline
