#include "analysis/compare/clock.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "analysis/compare/clock_line.hpp"
#include "analysis/compare/seen_again.hpp"

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

/// Those that are in a capture once: a copy could be taken for its original, unless the capture
/// shows one packet on two interfaces.
std::map<Key, const Observation*> single(std::span<const Observation> packets) {
  std::map<Key, const Observation*> found;
  for (const auto& packet : packets)
    if (const auto key = key_of(packet))
      if (const auto [place, fresh] = found.emplace(*key, &packet); !fresh)
        if (!place->second || !is_seen_again(*place->second, packet)) place->second = nullptr;
  std::erase_if(found, [](const auto& entry) { return !entry.second; });
  return found;
}

constexpr double nanoseconds_a_second = 1e9;
/// Two quartz clocks that nothing corrects gain no more on each other, in nanoseconds a second.
constexpr Slopes quartz{-1e5, 1e5};
/// Nor do those of virtual machines, or while NTP slews one: what is more is a clock that was set.
constexpr Slopes any_drift{-2e6, 2e6};

Duration difference_of(const Journey& journey) { return journey.server->at - journey.client->at; }

constexpr Duration millisecond = std::chrono::milliseconds(1);
constexpr std::size_t no_chance = 3;  ///< stamps that are all whole

/// What the stamps of a capture leave out, that keeps whole milliseconds only.
struct Coarseness {
  Duration client{0}, server{0};
};

Coarseness coarseness_of(const std::vector<Journey>& met) {
  const auto of = [&](auto end) {
    const bool whole = std::ranges::all_of(met, [&](const Journey& journey) {
      return (journey.*end)->at.time_since_epoch() % millisecond == Duration{0};
    });
    return whole && met.size() >= no_chance ? millisecond : Duration{0};
  };
  return {of(&Journey::client), of(&Journey::server)};
}

/// The server's clock minus the client's is not more than this there, nor less than this back.
Duration bound(const Journey& journey, const Coarseness& coarse) {
  const auto difference = difference_of(journey);
  return journey.way == Way::there ? difference + coarse.server : difference - coarse.client;
}

struct Bounds {
  std::optional<Duration> above, below;  ///< the offset lies below the one and above the other
  [[nodiscard]] bool are_closer_than(Duration span) const {
    return above && below && *above - *below < span;
  }
};

Bounds bounds_of(const std::vector<Journey>& met, const Coarseness& coarse) {
  Bounds found;
  for (const auto& journey : met) {
    const auto difference = bound(journey, coarse);
    if (journey.way == Way::there)
      found.above = std::min(found.above.value_or(difference), difference);
    else
      found.below = std::max(found.below.value_or(difference), difference);
  }
  return found;
}

Duration rounded(double span) { return Duration(std::llround(span)); }

/// The longest time without a packet that was seen at both ends.
Duration longest_pause(const std::vector<Journey>& met) {
  std::vector<TimePoint> times;
  times.reserve(met.size());
  for (const auto& journey : met) times.push_back(journey.client->at);
  std::ranges::sort(times);
  Duration longest{0};
  for (std::size_t i = 1; i < times.size(); ++i)
    longest = std::max(longest, times[i] - times[i - 1]);
  return longest;
}

/// One difference for all the time if that fits, else one that grows evenly. What other speeds fit
/// as well, and that a clock may have gained unevenly between two packets, is its uncertainty.
void follow(Clock& clock, const std::vector<Journey>& met, const Coarseness& coarse,
            TimePoint started, TimePoint horizon) {
  std::vector<Point> above, below;
  const auto first = std::ranges::min(met, {}, [](const Journey& one) { return one.client->at; });
  const auto moment = [&](TimePoint at) { return seconds(at - first.client->at); };
  for (const auto& journey : met) {
    const auto value = static_cast<double>((bound(journey, coarse) - *clock.offset).count());
    (journey.way == Way::there ? above : below).push_back({moment(journey.client->at), value});
  }
  const ClockLine line(std::move(above), std::move(below));
  const auto doubt = [&](double slope, const Slopes& among) {
    return rounded(std::max(line.doubt(slope, moment(started), among),
                            line.doubt(slope, moment(horizon), among)));
  };
  if (clock.consistent) {
    clock.uncertainty = doubt(0, quartz);
    return;
  }
  const auto slope = std::round(line.best(any_drift));
  if (line.room(slope) < 0) return;
  clock.consistent = true;
  clock.drift = std::llround(slope);
  clock.measured = first.client->at;
  clock.offset = *clock.offset + rounded(line.value(slope, 0));
  const auto uneven = std::abs(slope) * seconds(longest_pause(met));
  clock.uncertainty = doubt(slope, any_drift) + rounded(uneven);
}

/// Packets of one way only: none takes longer than the longest delay, so that a clock which gains
/// more than that runs at another speed or was set.
void follow_one_way(Clock& clock, const std::vector<Journey>& met) {
  const auto [least, most] = std::ranges::minmax(met, {}, difference_of);
  const auto spread = difference_of(most) - difference_of(least);
  if (spread <= longest_delay) return;
  const auto first = std::ranges::min(met, {}, [](const Journey& one) { return one.client->at; });
  const bool goes = first.way == Way::there;
  const auto slack = static_cast<double>(longest_delay.count());
  std::vector<Point> above, below;
  for (const auto& journey : met) {
    const auto at = seconds(journey.client->at - first.client->at);
    const auto value = static_cast<double>((difference_of(journey) - *clock.offset).count());
    above.push_back({at, goes ? value : value + slack});
    below.push_back({at, goes ? value - slack : value});
  }
  const ClockLine line(std::move(above), std::move(below));
  const auto slope = std::round(line.best(any_drift));
  const auto room = line.room(slope);
  clock.consistent = room >= 0;
  clock.uncertainty = spread;
  if (!clock.consistent) return;
  clock.drift = std::llround(slope);
  clock.measured = first.client->at;
  clock.offset = *clock.offset + rounded(line.value(slope, 0) + (goes ? room / 2 : -room / 2));
  clock.uncertainty = longest_delay + rounded(std::abs(slope) * seconds(longest_pause(met)));
}

}  // namespace

std::vector<SeenTwice> same_datagrams(const Side& client, const Side& server) {
  std::vector<SeenTwice> found;
  const auto far = single(server.packets);
  for (const auto& [key, packet] : single(client.packets))
    if (const auto other = far.find(key); other != far.end())
      found.push_back({packet, other->second});
  return found;
}

std::vector<Journey> met_datagrams(const std::vector<SeenTwice>& datagrams,
                                   const IpAddress& target) {
  std::vector<Journey> found;
  for (const auto& [packet, other] : datagrams) {
    const auto &here = packet->flow, &there = other->flow;
    if (here.destination.address == target && there.destination.address == target)
      found.push_back({Way::there, Fate::arrived, packet, other});
    if (here.source.address == target && there.source.address == target)
      found.push_back({Way::back, Fate::arrived, packet, other});
  }
  return found;
}

TimePoint Clock::at_client(TimePoint server) const {
  const auto steady = server - offset.value_or(Duration{0});
  if (drift == 0) return steady;
  const auto gain = static_cast<double>(drift) / nanoseconds_a_second;
  const auto since = static_cast<double>((steady - measured).count());
  return steady - rounded(since * gain / (1 + gain));
}

Clock clock_of(const std::vector<Journey>& met, TimePoint started, TimePoint horizon) {
  Coarseness coarse;
  auto bounds = bounds_of(met, coarse);
  // Closer than the stamps are fine.
  if (bounds.are_closer_than(2 * millisecond)) bounds = bounds_of(met, coarse = coarseness_of(met));
  const auto &above = bounds.above, &below = bounds.below;
  Clock clock;
  clock.packets = met.size();
  if (above && below) {
    clock.offset = *below + (*above - *below) / 2;
    clock.consistent = *below <= *above;
    clock.uncertainty = *below - *above;
    follow(clock, met, coarse, started, horizon);
  } else if (above || below) {
    clock.offset = above ? *above : *below;
    follow_one_way(clock, met);
  }
  return clock;
}

}  // namespace hopblame::compare
