#pragma once
// An attempt of somebody else's as an exchange of the kind that the judges know.

#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// `enough`: with so many hops a probe that nobody answers was meant to arrive.
[[nodiscard]] Exchange exchange_of(const Attempt& attempt, Aim aim, unsigned enough);

/// A walk with pings or datagrams shows the path as one with SYNs to another port would.
[[nodiscard]] Exchange as_control(Exchange exchange);

/// What the host itself answers shows its way back, as an answered ping does.
[[nodiscard]] Exchange as_ping(Exchange exchange);

/// Between those in question the host answers others, so it is there.
[[nodiscard]] Exchange as_sign_of_life(Exchange exchange);

}  // namespace hopblame::offline
