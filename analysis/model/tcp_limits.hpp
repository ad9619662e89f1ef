#pragma once
// What TCP stacks do not go below or beyond, whatever the connection.

#include <cstdint>

#include "analysis/model/time.hpp"

namespace hopblame {

/// Data that is not acknowledged is sent again after so long at least (Linux TCP_RTO_MIN).
inline constexpr Duration shortest_repetition = std::chrono::milliseconds(200);

/// No stack repeats a packet so soon, and no packet takes so long through one machine.
inline constexpr Duration same_moment = std::chrono::milliseconds(5);

/// No window is larger in a connection of which nothing is known: beyond, the number is wrong.
inline constexpr std::uint32_t largest_window = 1 << 20;

}  // namespace hopblame
