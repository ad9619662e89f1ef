#include "analysis/compare/clock_line.hpp"

#include <algorithm>
#include <limits>

namespace hopblame::compare {
namespace {

constexpr int steps = 100;  ///< more than a double has bits, at a third or a half each

/// Those that a line from below can touch: their convex hull.
std::vector<Point> touchable(std::vector<Point> points) {
  std::ranges::sort(points, [](const Point& one, const Point& other) {
    return one.at != other.at ? one.at < other.at : one.value < other.value;
  });
  std::vector<Point> hull;
  const auto hidden = [&](const Point& next) {
    const auto &first = hull[hull.size() - 2], &middle = hull.back();
    return (middle.value - first.value) * (next.at - first.at) >=
           (next.value - first.value) * (middle.at - first.at);
  };
  for (const auto& point : points) {
    if (!hull.empty() && hull.back().at == point.at) continue;
    while (hull.size() > 1 && hidden(point)) hull.pop_back();
    hull.push_back(point);
  }
  return hull;
}

std::vector<Point> upside_down(std::vector<Point> points) {
  for (auto& point : points) point.value = -point.value;
  return points;
}

/// Where the line that touches them from below is at that moment.
double touching(const std::vector<Point>& hull, double slope, double at) {
  auto least = std::numeric_limits<double>::max();
  for (const auto& point : hull) least = std::min(least, point.value + slope * (at - point.at));
  return least;
}

/// Of a function that rises, then falls.
template <class Function>
double peak(const Slopes& among, Function function) {
  auto [from, until] = among;
  for (int i = 0; i < steps; ++i) {
    const auto third = (until - from) / 3;
    if (function(from + third) < function(until - third))
      from += third;
    else
      until -= third;
  }
  return from + (until - from) / 2;
}

}  // namespace

ClockLine::ClockLine(std::vector<Point> above, std::vector<Point> below)
    : above_(touchable(std::move(above))), below_(touchable(upside_down(std::move(below)))) {}

double ClockLine::highest(double slope, double at) const { return touching(above_, slope, at); }
double ClockLine::lowest(double slope, double at) const { return -touching(below_, -slope, at); }

double ClockLine::room(double slope) const { return highest(slope, 0) - lowest(slope, 0); }

double ClockLine::best(const Slopes& among) const {
  return peak(among, [&](double slope) { return room(slope); });
}

double ClockLine::value(double slope, double at) const {
  return lowest(slope, at) + (highest(slope, at) - lowest(slope, at)) / 2;
}

double ClockLine::last_that_fits(double slope, double end) const {
  if (room(end) >= 0) return end;
  for (int i = 0; i < steps; ++i) {
    const auto middle = slope + (end - slope) / 2;
    (room(middle) >= 0 ? slope : end) = middle;
  }
  return slope;
}

double ClockLine::doubt(double slope, double at, const Slopes& among) const {
  const Slopes fitting{last_that_fits(slope, among.from), last_that_fits(slope, among.until)};
  const auto top = peak(fitting, [&](double other) { return highest(other, at); });
  const auto bottom = peak(fitting, [&](double other) { return -lowest(other, at); });
  const auto here = value(slope, at);
  return std::max(highest(top, at) - here, here - lowest(bottom, at));
}

}  // namespace hopblame::compare
