#pragma once
// Packets inside packets: mirrors of clouds and switches (VXLAN, ERSPAN, TZSP), overlays and plain
// tunnels. What a capture is asked about is what travels inside.

#include <optional>

#include "capture/frame.hpp"

namespace hopblame {

/// The innermost frame of at most four tunnels, as if it had been captured itself; absent: there is
/// no tunnel that is known.
[[nodiscard]] std::optional<Frame> out_of_tunnel(const Frame& frame) noexcept;

}  // namespace hopblame
