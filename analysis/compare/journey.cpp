#include "analysis/compare/journey.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "analysis/compare/sight.hpp"
#include "analysis/model/bare_reset.hpp"

namespace hopblame::compare {
namespace {

/// What a packet is, in the client's numbers.
using Key = std::tuple<int, std::uint32_t, std::uint32_t, std::uint32_t>;

/// What has to be taken from the numbers that a capture shows to get the client's.
struct Offsets {
  std::uint32_t there = 0, back = 0;
};

/// A RST to a SYN has sequence number 0, which no device translates.
std::uint32_t translated(std::uint32_t number, std::uint32_t offset) {
  return number == 0 ? 0 : number - offset;
}

Key key_of(const TcpSegment& segment, std::uint32_t sequence_offset, std::uint32_t ack_offset) {
  const auto acknowledges = segment.has(tcp_flag::ack);
  return {segment.flags & told_apart, translated(segment.sequence, sequence_offset),
          acknowledges ? translated(segment.acknowledgment, ack_offset) : 0, segment.payload};
}

/// Who translates numbers leaves the window alone: a SYN/ACK with another one he made himself.
Key with_window(Key key, const TcpSegment& segment) {
  std::get<3>(key) |= std::uint32_t{segment.window} << 16;
  return key;
}

Key key_of(const Observation& packet, Way way, const Offsets& offsets, bool translated) {
  if (const auto* segment = segment_of(packet)) {
    const auto key = way == Way::there ? key_of(*segment, offsets.there, offsets.back)
                                       : key_of(*segment, offsets.back, offsets.there);
    return translated && segment->is_syn_ack() ? with_window(key, *segment) : key;
  }
  const auto& error = std::get<IcmpError>(packet.message);
  const auto quoted = error.quote ? error.quote->tcp_sequence : std::nullopt;
  const auto offset = way == Way::back ? offsets.there : offsets.back;
  return {0x100 | error.type, error.code, quoted ? *quoted - offset : 0, 0};
}

struct Copies {
  Packets client, server;
  bool sent = false;  ///< its sender's capture has it, be it only a copy
};
using Groups = std::map<Key, Copies>;

Groups groups_of(const CallPair& pair, Way way) {
  Groups groups;
  const auto& here = way == Way::there ? pair.client->there : pair.client->back;
  const bool translated = pair.back != 0;
  for (const auto* packet : here)
    groups[key_of(*packet, way, {}, translated)].client.push_back(packet);
  if (!pair.server) return groups;
  // The server's capture shows the client's numbers after, its own before the rewriting.
  const Offsets offsets{pair.there, 0u - pair.back};
  const auto& far = way == Way::there ? pair.server->there : pair.server->back;
  for (const auto* packet : far)
    groups[key_of(*packet, way, offsets, translated)].server.push_back(packet);
  for (auto& [key, copies] : groups)
    copies.sent = !(way == Way::there ? copies.client : copies.server).empty();
  return groups;
}

bool same_id(const Observation& one, const Observation& other) {
  return one.ip_id_or_flow_label != 0 && one.ip_id_or_flow_label == other.ip_id_or_flow_label &&
         one.flow.source.address.family == Family::ipv4;
}

/// Takes copies out of both lists as the same packet, as far as `same` says so.
template <class Same>
void meet(Copies& copies, Way way, std::vector<Journey>& found, Same same) {
  for (auto& client : copies.client)
    for (auto& server : copies.server)
      if (client && server && same(*client, *server)) {
        found.push_back({way, Fate::arrived, client, server});
        client = server = nullptr;
      }
  std::erase(copies.client, nullptr);
  std::erase(copies.server, nullptr);
}

struct InTime {
  const Clock& clock;
  Way way;
  bool operator()(const Observation& client, const Observation& server) const {
    const auto difference = clock.at_client(server.at) - client.at;
    return arrives_in_time(way == Way::there ? difference : -difference, clock);
  }
};

/// As many copies left as arrived: each is the next.
void match_in_order(Copies& copies, Way way, std::vector<Journey>& found) {
  const auto count = std::min(copies.client.size(), copies.server.size());
  for (std::size_t i = 0; i < count; ++i)
    found.push_back({way, Fate::arrived, copies.client[i], copies.server[i]});
  copies.client.erase(copies.client.begin(), copies.client.begin() + std::ptrdiff_t(count));
  copies.server.erase(copies.server.begin(), copies.server.begin() + std::ptrdiff_t(count));
}

/// Copies of one packet look the same: their IP ID tells them apart, else the time.
void match(Copies& copies, Way way, const Clock& clock, std::vector<Journey>& found) {
  meet(copies, way, found, same_id);
  if (clock.offset) return meet(copies, way, found, InTime{clock, way});
  match_in_order(copies, way, found);
}

/// Some of the bytes of the one are in the other, both as one end numbers them.
bool overlap(const TcpSegment& one, const TcpSegment& other) {
  if (one.payload == 0 || other.payload == 0) return false;
  return one.sequence - other.sequence < other.payload ||
         other.sequence - one.sequence < one.payload;
}

/// Offload splits and joins segments of data: what counts is the bytes. But of segments that the
/// other end has as they were sent, and fewer of them, some got lost and were sent again.
bool covered(const Observation& packet, Way way, const CallPair& pair, bool sent_here) {
  const auto* segment = segment_of(packet);
  if (!segment || segment->payload == 0) return false;
  const auto list = way == Way::there ? &Call::there : &Call::back;
  auto there = *segment;
  there.sequence += way == Way::there ? pair.there : 0u - pair.back;
  const auto alike = [](const Packets& packets, const TcpSegment& wanted) {
    return std::ranges::count_if(packets, [&](const auto* other) {
      const auto* known = segment_of(*other);
      return known && known->sequence == wanted.sequence && known->payload == wanted.payload;
    });
  };
  const auto& far = pair.server->*list;
  const auto overlapping = std::ranges::count_if(far, [&](const auto* other) {
    const auto* known = segment_of(*other);
    return known && overlap(there, *known);
  });
  if (overlapping == 0) return false;
  const auto arrived = alike(far, there);
  return !sent_here || arrived < overlapping || alike(pair.client->*list, *segment) <= arrived;
}

/// `fate`, if this capture would have shown the packet.
Fate missing(const Watch& watch, const Observation& packet, Way way, TimePoint at, Fate fate) {
  if (!shows(watch.what, packet, way)) return Fate::unshown;
  const auto& when = way == Way::there ? watch.there : watch.back;
  return when && when->holds(at) ? fate : Fate::unknown;
}

/// Of a long connection its first packets are kept: a later one may only not be among them.
TimePoint kept_until(const Packets& packets) {
  return packets.size() < most_packets ? TimePoint::max() : packets.back()->at;
}

/// What arrived and was not seen leaving; a copy of what was is its sender's, not a stranger's.
Fate stray(const Copies& copies) { return copies.sent ? Fate::unknown : Fate::stranger; }

/// At the client.
Fate stray(const CallPair& pair, const Copies& copies) {
  const auto& packet = *copies.client.front();
  const auto* segment = segment_of(packet);
  const bool known = segment && segment->is_syn_ack() && goes_on_from(pair, packet);
  return known ? Fate::unknown : stray(copies);
}

void add_rest(const CallPair& pair, const Groups& groups, Way way, const Watched& watched,
              const Clock& clock, std::vector<Journey>& journeys) {
  const CallPair mirrored{pair.server, pair.client, 0u - pair.there, 0u - pair.back};
  const auto list = way == Way::there ? &Call::there : &Call::back;
  const auto here_until = kept_until(pair.client->*list);
  const auto far_until = pair.server ? kept_until(pair.server->*list) : TimePoint::max();
  for (const auto& [key, copies] : groups) {
    const bool strays = way == Way::back && !copies.client.empty();
    const auto at_client = strays ? stray(pair, copies) : Fate::lost;
    const auto at_server = way == Way::there ? stray(copies) : Fate::lost;
    for (const auto* packet : copies.client) {
      if (pair.server && covered(*packet, way, pair, way == Way::there)) continue;
      const bool kept = far_until == TimePoint::max() || packet->at <= clock.at_client(far_until);
      const auto fate = kept ? at_client : Fate::unknown;
      journeys.push_back(
          {way, missing(watched.server, *packet, way, packet->at, fate), packet, nullptr});
    }
    for (const auto* packet : copies.server) {
      if (covered(*packet, way, mirrored, way == Way::back)) continue;
      const auto at = clock.at_client(packet->at);
      const bool kept = here_until == TimePoint::max() || at <= here_until;
      const auto fate = kept ? at_server : Fate::unknown;
      journeys.push_back({way, missing(watched.client, *packet, way, at, fate), nullptr, packet});
    }
  }
}

/// A burst may be missing: what came later, the same at both ends, lies not far above. Who puts a
/// number of his own in a SYN/ACK has to translate all that follows.
bool counts_on(const CallPair& pair, const TcpSegment& later, std::uint32_t next) {
  constexpr std::uint32_t far = 1u << 30;  // no window is larger (RFC 7323 section 2.3)
  return later.sequence - next < far &&
         std::ranges::any_of(pair.client->back, [&](const Observation* packet) {
           const auto* segment = segment_of(*packet);
           return segment && key_of(*segment, 0, 0) == key_of(later, 0, 0);
         });
}

std::optional<Window> shrunk(TimePoint from, TimePoint until, Duration by) {
  if (until - from < 2 * by) return {};
  return Window{from + by, until - by};
}

}  // namespace

bool arrives_in_time(Duration delay, const Clock& clock) {
  const auto slack = clock.uncertainty.value_or(longest_delay) + stamp_error;
  return delay >= -slack && delay <= slack + longest_delay;
}

bool goes_on_from(const CallPair& pair, const Observation& syn_ack) {
  const auto next = segment_of(syn_ack)->sequence + 1;
  return pair.server && std::ranges::any_of(pair.server->back, [&](const Observation* packet) {
           const auto* segment = segment_of(*packet);
           if (!segment || is_bare_reset(*segment)) return false;
           return segment->sequence == next || counts_on(pair, *segment, next);
         });
}

Windows windows_of(const Side& client, const Side& server, const Clock& clock) {
  if (client.packets.empty() || server.packets.empty()) return {};
  const auto unsure = clock.offset ? clock.uncertainty.value_or(longest_delay) : Duration{0};
  const auto room = 2 * unsure + stamp_error;
  return {shrunk(clock.at_client(server.started), clock.at_client(server.horizon), room),
          shrunk(client.started, client.horizon, room)};
}

Watched watched_by(const Windows& windows, const std::vector<Journey>& met, const Clock& clock) {
  Watched watched{{windows.server, windows.server, {}}, {windows.client, windows.client, {}}};
  const auto widen = [](std::optional<Window>& window, TimePoint at) {
    if (!window) window = Window{at, at};
    window->from = std::min(window->from, at);
    window->until = std::max(window->until, at);
  };
  for (const auto& journey : met) {
    // One that does not fit the clocks may be two: a copy that was lost, and the next.
    if (clock.offset && !InTime{clock, journey.way}(*journey.client, *journey.server)) continue;
    const bool goes = journey.way == Way::there;
    widen(goes ? watched.server.there : watched.server.back, journey.client->at);
    widen(goes ? watched.client.there : watched.client.back, clock.at_client(journey.server->at));
  }
  return watched;
}

std::vector<Journey> met(const CallPair& pair) {
  std::vector<Journey> found;
  if (!pair.server) return found;
  for (const auto way : {Way::there, Way::back})
    for (auto& [key, copies] : groups_of(pair, way)) {
      meet(copies, way, found, same_id);
      if (copies.client.size() == copies.server.size()) match_in_order(copies, way, found);
    }
  return found;
}

std::vector<Journey> journeys_of(const CallPair& pair, const Clock& clock, const Watched& watched) {
  std::vector<Journey> journeys;
  for (const auto way : {Way::there, Way::back}) {
    auto groups = groups_of(pair, way);
    for (auto& [key, copies] : groups) match(copies, way, clock, journeys);
    add_rest(pair, groups, way, watched, clock, journeys);
  }
  for (auto& journey : journeys)
    journey.at = journey.client ? journey.client->at : clock.at_client(journey.server->at);
  std::ranges::stable_sort(journeys, {}, &Journey::at);
  return journeys;
}

}  // namespace hopblame::compare
