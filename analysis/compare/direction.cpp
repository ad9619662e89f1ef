#include "analysis/compare/direction.hpp"

#include <algorithm>

#include "analysis/compare/clock.hpp"
#include "analysis/compare/standpoint.hpp"

namespace hopblame::compare {
namespace {

constexpr std::ptrdiff_t enough = 100;  ///< packets of one address each way

}  // namespace

Directions::Directions(const Side& first, const Side& second) {
  const auto here = calls_of(first.packets, End::client),
             far = calls_of(second.packets, End::server);
  for (const auto& pair : pair_calls(here, far).pairs)
    for (const auto& journey : met(pair)) see(*journey.client, *journey.server);
  for (const auto& [packet, other] : same_datagrams(first, second)) see(*packet, *other);
}

void Directions::see(const Observation& first, const Observation& second) {
  const auto add = [&](const IpAddress& target, Way way) {
    auto& seen = seen_[target];
    if (std::ranges::count(seen, way, &Journey::way) < enough)
      seen.push_back({way, Fate::arrived, &first, &second});
  };
  add(first.flow.destination.address, Way::there);
  add(first.flow.source.address, Way::back);
}

bool Directions::go_back(const IpAddress& target) const {
  const auto found = seen_.find(target);
  if (found == seen_.end()) return false;
  const auto goes = [&](Way way) {
    return std::ranges::count(found->second, way, &Journey::way) > 0;
  };
  return goes(Way::there) && goes(Way::back) && are_swapped(found->second);
}

}  // namespace hopblame::compare
