#include "analysis/compare/standpoint.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"

namespace hopblame::compare {
namespace {

Duration took(const Journey& journey) {
  return journey.way == Way::there ? journey.server->at - journey.client->at
                                   : journey.client->at - journey.server->at;
}

/// The longest that a packet took on this way, by clocks that need not agree.
std::optional<Duration> longest(const std::vector<Journey>& met, Way way) {
  std::optional<Duration> found;
  for (const auto& journey : met) {
    if (journey.way != way) continue;
    found = std::max(found.value_or(took(journey)), took(journey));
  }
  return found;
}

/// Whatever the clocks show, no packet goes there and none comes back in less than no time. One
/// that was set in between makes some seem slower.
bool take_less_than_no_time(const std::vector<Journey>& met) {
  const auto there = longest(met, Way::there), back = longest(met, Way::back);
  return there && back && *there + *back < Duration{0};
}

/// A packet and the next one of the other way take longer at the end that asks: it waits for the
/// way there and back as well. A clock that is set in between spoils only the pair around that.
bool waits_at_client(std::vector<Journey> met) {
  std::ranges::sort(met, {}, [](const Journey& journey) { return journey.client->at; });
  int longer = 0;
  for (std::size_t i = 1; i < met.size(); ++i) {
    if (met[i].way == met[i - 1].way) continue;
    const auto both = took(met[i]) + took(met[i - 1]);
    longer += both > Duration{0} ? 1 : both < Duration{0} ? -1 : 0;
  }
  return longer > 0;
}

/// A host sends what it sends with the hop limit that it begins with.
bool are_begun_at_sender(const std::vector<Journey>& met) {
  return std::ranges::any_of(met, [](const Journey& journey) {
    const auto& sent = journey.way == Way::there ? *journey.client : *journey.server;
    return could_come_over(sent.hop_limit, 0);
  });
}

bool pass_no_router(const std::vector<Journey>& met) {
  return std::ranges::all_of(met, [](const Journey& journey) {
    return journey.client->hop_limit == journey.server->hop_limit;
  });
}

}  // namespace

/// No router adds to a hop limit: where all packets have more left at their end than at their
/// beginning, the two captures were taken for each other. But a device may set it, and time tells
/// that, or the end that begins with a number of its own; one packet tells neither.
bool are_swapped(const std::vector<Journey>& met) {
  if (pass_no_router(met) && take_less_than_no_time(met)) return true;
  if (met.size() < 2 || waits_at_client(met) || are_begun_at_sender(met)) return false;
  const auto gained = [](const Journey& journey) {
    const auto here = journey.client->hop_limit, there = journey.server->hop_limit;
    return journey.way == Way::there ? there > here : here > there;
  };
  return std::ranges::all_of(met, gained);
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
  return std::ranges::any_of(met, [](const Journey& journey) {
    return journey.way == Way::back && !could_come_over(journey.server->hop_limit, 0);
  });
}

bool is_client_midway(const std::vector<Journey>& met) {
  const auto is_begun_there = [](const Journey& journey) {
    return journey.way == Way::there && could_come_over(journey.client->hop_limit, 0);
  };
  return std::ranges::count(met, Way::there, &Journey::way) > 0 &&
         std::ranges::none_of(met, is_begun_there);
}

}  // namespace hopblame::compare
