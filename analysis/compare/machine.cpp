#include "analysis/compare/machine.hpp"

#include <algorithm>
#include <set>

namespace hopblame::compare {

std::vector<Journey> of_machine(const std::vector<Journey>& met, const std::vector<CallPair>& pairs,
                                const Endpoint& target) {
  std::set<IpAddress> machines;
  for (const auto& pair : pairs)
    if (pair.server && pair.client->flow.destination == target)
      machines.insert(pair.server->flow.destination.address);
  if (machines.empty()) return met;
  std::vector<Journey> found;
  std::ranges::copy_if(met, std::back_inserter(found), [&](const Journey& journey) {
    const auto& flow = journey.server->flow;
    return machines.contains(journey.way == Way::there ? flow.destination.address
                                                       : flow.source.address);
  });
  return found.empty() ? met : found;
}

bool may_lead_elsewhere(const std::vector<CallPair>& pairs, const Endpoint& target) {
  bool translated = false;
  for (const auto& pair : pairs) {
    const auto& asked = pair.client->flow.destination;
    if (!pair.server || asked.address != target.address) continue;
    if (asked == target) return false;
    translated = translated || pair.server->flow.destination.address != asked.address;
  }
  return translated;
}

}  // namespace hopblame::compare
