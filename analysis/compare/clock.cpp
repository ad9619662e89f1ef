#include "analysis/compare/clock.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace hopblame::compare {
namespace {

using Key = std::tuple<int, std::uint32_t, std::uint32_t, std::uint32_t>;

std::optional<Key> key_of(const Observation& packet) {
  if (packet.fragment) return {};
  if (const auto* echo = std::get_if<IcmpEcho>(&packet.message))
    return Key{echo->reply ? 1 : 2, echo->identifier, echo->sequence, 0};
  const auto* datagram = std::get_if<UdpDatagram>(&packet.message);
  if (!datagram || datagram->checksum == 0) return {};
  return Key{3, packet.flow.source.port, packet.flow.destination.port,
             std::uint32_t{datagram->length} << 16 | datagram->checksum};
}

/// Those that are in a capture once: a copy could be taken for its original.
std::map<Key, const Observation*> single(std::span<const Observation> packets) {
  std::map<Key, const Observation*> found;
  for (const auto& packet : packets)
    if (const auto key = key_of(packet))
      if (const auto [place, fresh] = found.emplace(*key, &packet); !fresh) place->second = nullptr;
  std::erase_if(found, [](const auto& entry) { return !entry.second; });
  return found;
}

}  // namespace

std::vector<Journey> met_datagrams(const Side& client, const Side& server,
                                   const IpAddress& target) {
  std::vector<Journey> found;
  const auto far = single(server.packets);
  for (const auto& [key, packet] : single(client.packets)) {
    const auto other = far.find(key);
    if (other == far.end()) continue;
    const auto &here = packet->flow, &there = other->second->flow;
    if (here.destination.address == target && there.destination.address == target)
      found.push_back({Way::there, Fate::arrived, packet, other->second});
    if (here.source.address == target && there.source.address == target)
      found.push_back({Way::back, Fate::arrived, packet, other->second});
  }
  return found;
}

Clock clock_of(const std::vector<Journey>& met) {
  std::optional<Duration> above, below;  // the offset lies below the one and above the other
  for (const auto& journey : met) {
    const auto difference = journey.server->at - journey.client->at;
    if (journey.way == Way::there)
      above = std::min(above.value_or(difference), difference);
    else
      below = std::max(below.value_or(difference), difference);
  }
  Clock clock;
  clock.packets = met.size();
  if (above && below) {
    clock.offset = *below + (*above - *below) / 2;
    clock.consistent = *below <= *above;
    clock.uncertainty = clock.consistent ? (*above - *below) / 2 : *below - *above;
  } else if (above || below) {
    clock.offset = above ? *above : *below;
  }
  return clock;
}

}  // namespace hopblame::compare
