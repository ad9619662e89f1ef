#pragma once
// What this machine did with the SYNs to the port before the capture could see them.

#include "analysis/verdict/case.hpp"

namespace hopblame {

struct Departures {
  unsigned handed_over = 0, refused = 0, left = 0;
  int error = 0;        ///< with which the kernel refused
  bool others = false;  ///< other packets of ours left: the next device is within reach
};

[[nodiscard]] Departures departures_of(const Case& the_case);

/// What a route that says no gives.
[[nodiscard]] bool is_route_error(int error);

/// A rule or a route said no at once.
[[nodiscard]] bool is_refused(const Departures& departures);

/// None of them left; by what the kernel said to those that hand them over.
[[nodiscard]] Finding stopped_before_departure(const Case& the_case, const Departures& departures);

}  // namespace hopblame
