#pragma once
// Moments and spans as the packets carry them. There is no now() here on purpose: time comes with
// packets (a frame's stamp, a tick), so that a simulated run and a real one are the same to us.

#include <chrono>
#include <cstdint>

namespace hopblame {

using Duration = std::chrono::nanoseconds;

/// Tag for a clock that cannot be read; counts nanoseconds since the Unix epoch, UTC.
struct PacketClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<PacketClock, Duration>;
  static constexpr bool is_steady = false;
};

using TimePoint = PacketClock::time_point;

[[nodiscard]] constexpr double milliseconds(Duration span) {
  return std::chrono::duration<double, std::milli>(span).count();
}

[[nodiscard]] constexpr double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace hopblame
