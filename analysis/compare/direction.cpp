#include "analysis/compare/direction.hpp"

#include "analysis/compare/standpoint.hpp"

namespace hopblame::compare {
namespace {

constexpr std::size_t enough = 100;  ///< packets of one address each way

}  // namespace

Directions::Directions(const Matched& captures) {
  for (const auto& pair : captures.pairing.pairs) {
    const auto& flow = pair.client->flow;
    if (!pair.server || (is_enough(flow.source.address) && is_enough(flow.destination.address)))
      continue;
    for (const auto& journey : met(pair)) see(*journey.client, *journey.server);
  }
  for (const auto& [packet, other] : captures.datagrams) see(*packet, *other);
}

void Directions::see(const Observation& first, const Observation& second) {
  const auto add = [&](const IpAddress& target, Way way) {
    auto& seen = seen_[target];
    auto& count = way == Way::there ? seen.there : seen.back;
    if (count == enough) return;
    ++count;
    seen.journeys.push_back({way, Fate::arrived, &first, &second});
  };
  add(first.flow.destination.address, Way::there);
  add(first.flow.source.address, Way::back);
}

bool Directions::is_enough(const IpAddress& target) const {
  const auto found = seen_.find(target);
  return found != seen_.end() && found->second.there == enough && found->second.back == enough;
}

bool Directions::go_back(const IpAddress& target) const {
  const auto found = seen_.find(target);
  if (found == seen_.end()) return false;
  const auto& [journeys, there, back] = found->second;
  return there > 0 && back > 0 && are_swapped(journeys);
}

}  // namespace hopblame::compare
