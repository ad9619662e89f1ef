#include "analysis/path/rest.hpp"

#include <algorithm>
#include <iterator>

namespace hopblame {
namespace {

template <class Probes>
std::vector<TimePoint> times_of(const Probes& probes, const std::optional<ConnectRecord>& connect) {
  std::vector<TimePoint> times;
  for (const auto& probe : probes) times.push_back(probe.at);
  if (connect && connect->hung_up) times.push_back(*connect->hung_up);
  std::ranges::sort(times);
  return times;
}

}  // namespace

bool disturbs_rest(const std::optional<ConnectRecord>& connect) {
  return connect && !connect->ended && !connect->hung_up;
}

std::vector<TimePoint> departures(std::span<const Exchange> exchanges,
                                  const std::optional<ConnectRecord>& connect) {
  return times_of(exchanges, connect);
}

std::optional<TimePoint> first_after_rest(const std::vector<TimePoint>& departures) {
  const auto last_before = std::ranges::adjacent_find(
      departures, [](TimePoint one, TimePoint next) { return next - one >= allowance_restored; });
  if (last_before == departures.end()) return {};
  return *std::next(last_before);
}

bool has_rested(const Run& run) {
  return !disturbs_rest(run.connect) && first_after_rest(times_of(run.sends, run.connect));
}

}  // namespace hopblame
