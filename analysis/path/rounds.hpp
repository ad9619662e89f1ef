#pragma once
// SYNs that went round: sent with all hops, and a router says that they were spent.

#include "analysis/model/exchange.hpp"

namespace hopblame {

/// SYN/ACK or RST: the SYN met its end.
[[nodiscard]] bool is_let_through(const Reply& reply);

/// A probe that was answered besides met a race; connect() repeats its SYN, which may go another
/// way.
[[nodiscard]] bool went_round(const Exchange& exchange);

}  // namespace hopblame
