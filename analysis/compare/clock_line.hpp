#pragma once
// Straight lines between two crowds of points: the difference of two clocks over time lies below
// what packets on the way there show and above what packets on the way back show.

#include <optional>
#include <vector>

namespace hopblame::compare {

/// Seconds, and nanoseconds of difference.
struct Point {
  double at = 0, value = 0;
};

/// Nanoseconds a second.
struct Slopes {
  double from = 0, until = 0;
};

class ClockLine {
 public:
  /// Neither is empty.
  ClockLine(std::vector<Point> above, std::vector<Point> below);

  /// How far a line of that slope can be moved between the crowds; negative: it cannot lie there.
  [[nodiscard]] double room(double slope) const;
  /// The slope with most room.
  [[nodiscard]] double best(const Slopes& among) const;
  /// In the middle of its room.
  [[nodiscard]] double value(double slope, double at) const;
  /// By how much any other line that fits is away from this one at a moment.
  [[nodiscard]] double doubt(double slope, double at, const Slopes& among) const;

 private:
  [[nodiscard]] double highest(double slope, double at) const;
  [[nodiscard]] double lowest(double slope, double at) const;
  [[nodiscard]] double last_that_fits(double slope, double end) const;

  std::vector<Point> above_, below_;  ///< what a line can touch of them; below upside down
};

}  // namespace hopblame::compare
