#include "analysis/compare/standpoint.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"

namespace hopblame::compare {
namespace {

/// The longest that a packet took on this way, by clocks that need not agree.
std::optional<Duration> longest(const std::vector<Journey>& met, Way way) {
  std::optional<Duration> found;
  for (const auto& journey : met) {
    if (journey.way != way) continue;
    const auto took = way == Way::there ? journey.server->at - journey.client->at
                                        : journey.client->at - journey.server->at;
    found = std::max(found.value_or(took), took);
  }
  return found;
}

/// Whatever the clocks show, no packet goes there and none comes back in less than no time. One
/// that was set in between makes some seem slower.
bool take_less_than_no_time(const std::vector<Journey>& met) {
  const auto there = longest(met, Way::there), back = longest(met, Way::back);
  return there && back && *there + *back < Duration{0};
}

bool pass_no_router(const std::vector<Journey>& met) {
  return std::ranges::all_of(met, [](const Journey& journey) {
    return journey.client->hop_limit == journey.server->hop_limit;
  });
}

}  // namespace

/// No router adds to a hop limit: where all packets have more left at their end than at their
/// beginning, the two captures were taken for each other.
bool are_swapped(const std::vector<Journey>& met) {
  if (pass_no_router(met) && take_less_than_no_time(met)) return true;
  const auto gained = [](const Journey& journey) {
    const auto here = journey.client->hop_limit, there = journey.server->hop_limit;
    return journey.way == Way::there ? there > here : here > there;
  };
  return !met.empty() && std::ranges::all_of(met, gained);
}

/// What takes no time there and none back, and meets no router, was captured once: the same file,
/// or a part of it. A clock of whole milliseconds does not tell.
bool are_of_one_place(const std::vector<Journey>& met) {
  const bool fine = std::ranges::any_of(met, [](const Journey& journey) {
    return journey.client->at.time_since_epoch() % std::chrono::milliseconds(1) != Duration{0};
  });
  if (!fine) return false;
  const auto apart = [](const Journey& journey) { return journey.server->at - journey.client->at; };
  const auto goes = [&](Way way) { return std::ranges::count(met, way, &Journey::way) > 0; };
  return goes(Way::there) && goes(Way::back) && std::ranges::all_of(met, [&](const Journey& one) {
           return apart(one) == apart(met.front()) &&
                  one.client->hop_limit == one.server->hop_limit;
         });
}

/// No stack begins with such a number, and what left the host where it was captured has the one it
/// began with.
bool are_midway(const std::vector<Journey>& met) {
  const auto begun_elsewhere = [](const Journey& journey) {
    return !could_come_over(journey.server->hop_limit, 0);
  };
  return std::ranges::any_of(met, [&](const Journey& journey) {
    return journey.way == Way::back && begun_elsewhere(journey);
  });
}

}  // namespace hopblame::compare
