#pragma once
// A tunnel of this machine that takes no packet for the target, and says so to whoever sends one.

#include "analysis/verdict/departures.hpp"

namespace hopblame {

/// WireGuard's two errors (Linux drivers/net/wireguard/device.c, wg_xmit): no peer is allowed the
/// address, or nobody knows where that peer is. Captures see the packet all the same, which is on
/// its way into the tunnel, not out of it.
[[nodiscard]] std::optional<Finding> judge_tunnel_refusal(const Case& the_case,
                                                          const Departures& departures);

}  // namespace hopblame
