#include "analysis/compare/meanwhile.hpp"

#include <algorithm>
#include <set>

#include "analysis/compare/port_use.hpp"

namespace hopblame::compare {
namespace {

constexpr std::size_t few = 6;  ///< are enough to show that the way was open

/// From the first to the last that got lost. What arrives in between shows that the way was open
/// then; before and after, it may have been closed for all.
std::optional<Window> time_of_loss(std::span<const Journey> attempt) {
  std::optional<Window> time;
  for (const auto& journey : attempt) {
    if (journey.way != Way::there || journey.fate != Fate::lost) continue;
    const auto at = journey.client->at;
    if (!time) time = Window{at, at};
    time->from = std::min(time->from, at);
    time->until = std::max(time->until, at);
  }
  return time;
}

/// A ping of the client that is not known to have arrived.
bool is_lost_ping(const Observation& packet, const IpAddress& target,
                  const std::set<FrameId>& arrived) {
  const auto* echo = std::get_if<IcmpEcho>(&packet.message);
  return echo && !echo->reply && packet.flow.destination.address == target &&
         !arrived.contains(packet.frame);
}

}  // namespace

Meanwhile meanwhile(std::span<const Journey> attempt, const std::vector<Journey>& met,
                    const Packets& of_target, const Endpoint& target,
                    const std::optional<Window>& watched) {
  Meanwhile found;
  const auto time = time_of_loss(attempt);
  if (!time) return found;
  const Journey *before = nullptr, *after = nullptr;
  std::set<FrameId> arrived;
  bool pings = false;
  for (const auto& journey : met) {
    if (journey.way != Way::there) continue;
    const auto at = journey.client->at;
    arrived.insert(journey.client->frame);
    pings = pings || std::holds_alternative<IcmpEcho>(journey.client->message);
    if (time->holds(at) && found.arrived.size() < few) found.arrived.push_back(met_of(journey));
    if (at < time->from && (!before || at > before->client->at)) before = &journey;
    if (at > time->until && (!after || at < after->client->at)) after = &journey;
  }
  for (const auto* journey : {before, after})
    if (journey) found.around.push_back(met_of(*journey));
  found.port = port_use(met, *time, attempt.front().seen().flow.source.address, target);
  if (!watched || !pings) return found;  // a filter may hide them
  for (const auto* packet : of_target)
    if (time->holds(packet->at) && watched->holds(packet->at) &&
        is_lost_ping(*packet, target.address, arrived))
      found.lost.push_back(packet->frame);
  return found;
}

}  // namespace hopblame::compare
