#pragma once
// The host, met nearer on the port's flow than on the control flow, whose answers from there were
// lost.

#include "analysis/path/walk.hpp"

namespace hopblame {

/// How far the host is that the control flow met at this distance: nearer where the host accepted
/// or rejected the port from there, over as many routers back, and nobody passes anything on.
[[nodiscard]] std::uint8_t met_nearer(const Walk& target, const Walk& control, std::uint8_t met_at);

}  // namespace hopblame
