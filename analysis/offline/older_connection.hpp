#pragma once
// A host that still has a connection with the ports of a new SYN.

#include <optional>

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// It acknowledges what it has of the older one (RFC 9293 section 3.10.7.4), where a SYN/ACK was
/// due.
[[nodiscard]] bool is_of_older(const Reply& reply, const Exchange& exchange);

/// Of attempts that were dropped because of that; without caveats.
[[nodiscard]] std::optional<Verdict> older_connection(const std::vector<Attempt>& sample);

}  // namespace hopblame::offline
