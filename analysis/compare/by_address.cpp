#include "analysis/compare/by_address.hpp"

#include <algorithm>

namespace hopblame::compare {

ByAddress::ByAddress(std::span<const Observation> packets, const std::vector<Call>& calls,
                     std::uint64_t seed)
    : packets_(packets), of_address_(0, KeyHash(seed)) {
  for (const auto& call : calls) of_address_[call.flow.destination.address];
  std::uint32_t place = 0;
  for (const auto& packet : packets) {
    for (const auto* end : {&packet.flow.source, &packet.flow.destination})
      if (const auto found = of_address_.find(end->address); found != of_address_.end())
        found->second.push_back(place);
    ++place;
  }
}

Packets ByAddress::of(const std::set<IpAddress>& addresses) const {
  std::vector<std::uint32_t> places;
  for (const auto& address : addresses) {
    const auto found = of_address_.find(address);
    if (found == of_address_.end()) return looked_for(addresses);
    places.insert(places.end(), found->second.begin(), found->second.end());
  }
  if (addresses.size() > 1) std::ranges::sort(places);
  places.erase(std::unique(places.begin(), places.end()), places.end());
  Packets found;
  found.reserve(places.size());
  for (const auto place : places) found.push_back(&packets_[place]);
  return found;
}

/// Nobody calls one of them.
Packets ByAddress::looked_for(const std::set<IpAddress>& addresses) const {
  Packets found;
  for (const auto& packet : packets_)
    if (addresses.contains(packet.flow.source.address) ||
        addresses.contains(packet.flow.destination.address))
      found.push_back(&packet);
  return found;
}

}  // namespace hopblame::compare
