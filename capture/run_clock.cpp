#include "capture/run_clock.hpp"

#include <ctime>
#include <utility>

namespace hopblame {
namespace {

/// adjtime() slews 0.5 ms a second; more than this within a run is a step.
constexpr Duration step_threshold = std::chrono::milliseconds(50);

Duration read_clock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + Duration(now.tv_nsec);
}

}  // namespace

ClockReading read_clocks() { return {read_clock(CLOCK_REALTIME), read_clock(CLOCK_MONOTONIC)}; }

TimePoint RunClock::at(const ClockReading& reading) const {
  return TimePoint(start_.wall + (reading.monotonic - start_.monotonic));
}

TimePoint RunClock::from_stamp(Duration stamp, const ClockReading& now) {
  const auto before = std::exchange(offset_, now.wall - now.monotonic);
  if (std::chrono::abs(offset_ - before) > step_threshold) stepped_ = true;
  const auto by_old = stamp - before, by_new = stamp - offset_;
  const bool old_is_nearer =
      std::chrono::abs(now.monotonic - by_old) < std::chrono::abs(now.monotonic - by_new);
  return at({stamp, old_is_nearer ? by_old : by_new});
}

}  // namespace hopblame
