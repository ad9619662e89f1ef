#pragma once
// The clock of a live run: the wall time at its start, moved on by CLOCK_MONOTONIC, so that
// somebody setting the clock does not spoil a round trip. Capture stamps are wall time; they are
// brought onto the same line.

#include "analysis/model/time.hpp"

namespace hopblame {

struct ClockReading {
  Duration wall{}, monotonic{};
};

[[nodiscard]] ClockReading read_clocks();

class RunClock {
 public:
  explicit RunClock(ClockReading start) : start_(start), offset_(start.wall - start.monotonic) {}

  [[nodiscard]] TimePoint at(const ClockReading& reading) const;
  /// A frame's wall-clock stamp, read at `now`, on the run's own line. The clock may have been set
  /// between stamp and reading: of the offsets before and after, the one that puts the frame
  /// nearest to now is right.
  [[nodiscard]] TimePoint from_stamp(Duration stamp, const ClockReading& now);
  [[nodiscard]] bool stepped() const { return stepped_; }

  [[nodiscard]] TimePoint now() const { return at(read_clocks()); }

 private:
  ClockReading start_;
  Duration offset_;  ///< wall minus monotonic, at the last frame
  bool stepped_ = false;
};

}  // namespace hopblame
