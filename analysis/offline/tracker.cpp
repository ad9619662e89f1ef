#include "analysis/offline/tracker.hpp"

#include <algorithm>

#include "analysis/offline/conversation.hpp"

namespace hopblame::offline {
namespace {

constexpr unsigned most_per_flow = 256;
constexpr std::size_t most_together = 64;
constexpr Duration next_look = std::chrono::seconds(20);
constexpr int slowest_backoff = 4;

/// The same packet on its way through the machine that captured it (tcpdump -i any on a router).
bool is_forwarded_copy(const Trails& trails, const Trail& trail, const Sighting& seen) {
  if (seen.hop_limit.value + 1 != trail.hop_limit.value || trail.copies == 0) return false;
  if (seen.key.key.family == Family::ipv6)
    return seen.at - trail.touched < std::chrono::milliseconds(5);
  return seen.ip_id_or_flow_label != 0 && trails.has_ip_id(trail, seen.ip_id_or_flow_label);
}

ReplyKind kind_of(const SeenSegment& segment) {
  if (segment.is_reset())
    return segment.has(tcp_flag::ack) ? ReplyKind::reset_ack : ReplyKind::reset;
  if (segment.is_syn_ack()) return ReplyKind::syn_ack;
  if (segment.has(tcp_flag::fin)) return ReplyKind::fin;
  return segment.payload > 0 ? ReplyKind::data : ReplyKind::other_segment;
}

/// Time exceeded in transit is told from every other error.
ReplyKind kind_of(const SeenError& error, Family family) {
  const std::uint8_t time_exceeded = family == Family::ipv4 ? 11 : 3;
  return error.type == time_exceeded && error.code == 0 ? ReplyKind::time_exceeded
                                                        : ReplyKind::icmp_error;
}

template <class What>
Answer answer_of(const Sighting& seen, ReplyKind kind, const What& what) {
  return {seen.frame,
          seen.at,
          nothing,
          seen.ip_id_or_flow_label,
          kind,
          seen.hop_limit,
          seen.traffic_class,
          seen.dont_fragment,
          what};
}

Answer answer_of(const Sighting& seen) {
  return answer_of(seen, kind_of(seen.segment), seen.segment);
}

/// Rounded up.
std::uint8_t whole_seconds(Duration span) {
  const auto count = std::chrono::ceil<std::chrono::seconds>(span).count();
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(count, 0, UINT8_MAX));
}

/// The same test as answers() of the correlator.
bool answers(const SeenSegment& segment, const Trail& trail) {
  if (trail.kind == ProbeKind::ack) return segment.is_reset() && segment.sequence == trail.number;
  return segment.has(tcp_flag::ack) && segment.acknowledgment == trail.sequence + 1;
}

DirectedKey reversed(DirectedKey flow) {
  flow.from_low = !flow.from_low;
  return flow;
}

}  // namespace

Tracker::Tracker(const TrackerLimits& limits, Trails& trails, Done done)
    : limits_(limits), trails_(trails), done_(std::move(done)), hash_{limits.seed} {}

bool Tracker::follows(const IpAddress& client) const {
  return !limits_.local || *limits_.local == client;
}

TrailId Tracker::newest_of(const FlowKey& key, std::uint64_t hash) const {
  return live_.find(hash, [&](TrailId id) { return trails_[id].key == key; });
}

template <class Fits>
TrailId Tracker::find(TrailId newest, bool from_low, Fits fits) const {
  for (auto id = newest; id != nothing; id = trails_[id].next)
    if (trails_[id].from_low == from_low && fits(trails_[id])) return id;
  return nothing;
}

/// Of several probes with the same numbers (tcptraceroute gives all of them the same) the newest
/// that waits: such a tool asks one question at a time.
template <class Fits>
TrailId Tracker::find_asked(TrailId newest, bool from_low, Fits fits) const {
  const auto waits = [&](const Trail& trail) { return trail.answers == 0 && fits(trail); };
  const auto waiting = find(newest, from_low, waits);
  return waiting != nothing ? waiting : find(newest, from_low, fits);
}

void Tracker::observe(std::span<const Sighting> batch) {
  std::array<std::uint64_t, most_together> hashes;
  while (!batch.empty()) {
    const auto some = batch.first(std::min(batch.size(), most_together));
    for (std::size_t i = 0; i < some.size(); ++i) {
      hashes[i] = hash_(some[i].key.key);
      live_.prefetch(hashes[i]);
    }
    for (std::size_t i = 0; i < some.size(); ++i)
      if (const auto id = live_.guess(hashes[i]); id != nothing) trails_.prefetch(id);
    for (std::size_t i = 0; i < some.size(); ++i) observe(some[i], hashes[i]);
    batch = batch.subspan(some.size());
  }
}

void Tracker::observe(const Observation& observation) {
  const auto seen = sighting_of(observation);
  observe(std::span(&seen, 1));
}

void Tracker::observe(const Sighting& seen, std::uint64_t hash) {
  ++counts_.packets;
  horizon_ = std::max(horizon_, seen.at);
  if (std::min(soon_.due(), later_.due()) <= seen.at) retire(seen.at);
  switch (seen.kind) {
    case Sighting::Kind::segment: return see_segment(seen, hash);
    case Sighting::Kind::error: return see_error(seen, hash);
    case Sighting::Kind::echo: return see_echo(seen, hash);
    case Sighting::Kind::datagram: return see_datagram(seen, hash);
    case Sighting::Kind::other: return;
  }
}

void Tracker::see_segment(const Sighting& seen, std::uint64_t hash) {
  const auto newest = newest_of(seen.key.key, hash);
  if (seen.segment.is_syn()) {
    if (follows(seen.key.source())) on_syn(seen, hash, newest);
    return;
  }
  const auto any = [](const Trail&) { return true; };
  if (const auto asked = find(newest, seen.key.from_low, any); asked != nothing) {
    ++counts_.outbound;
    trails_[asked].touched = seen.at;
    return client_continues(trails_, trails_[asked], seen);
  }
  if (newest == nothing) return out_of_the_blue(seen, hash);
  ++counts_.inbound;
  server_says(seen, newest);
}

void Tracker::on_syn(const Sighting& seen, std::uint64_t hash, TrailId newest) {
  ++counts_.outbound;
  for (auto id = newest; id != nothing; id = trails_[id].next) {
    auto& trail = trails_[id];
    const bool same = trail.from_low == seen.key.from_low && !trail.unseen &&
                      trail.sequence == seen.segment.sequence;
    if (!same) continue;
    if (is_forwarded_copy(trails_, trail, seen)) return;
    if (trail.hop_limit != seen.hop_limit) continue;
    trail.gap = whole_seconds(seen.at - trail.touched);
    trail.touched = seen.at;
    trails_.add_copy(trail, seen.frame);
    return trails_.add_ip_id(trail, seen.ip_id_or_flow_label);
  }
  auto& trail = begin(seen, hash, newest, seen.key, ProbeKind::syn);
  trail.sequence = seen.segment.sequence;
  trails_.add_copy(trail, seen.frame);
  trails_.add_ip_id(trail, seen.ip_id_or_flow_label);
}

void Tracker::server_says(const Sighting& seen, TrailId newest) {
  const bool client_low = !seen.key.from_low;
  const auto talking =
      find_asked(newest, client_low, [](const Trail& trail) { return trail.talking; });
  if (talking != nothing) {
    auto& trail = trails_[talking];
    trail.touched = seen.at;
    return server_continues(trails_, trail, seen, answer_of(seen));
  }
  const auto asked = find_asked(newest, client_low,
                                [&](const Trail& trail) { return answers(seen.segment, trail); });
  if (asked != nothing) return add(asked, answer_of(seen), seen.at);
  auto& misfits = trails_[newest].misfits;
  if (misfits < UINT16_MAX) ++misfits;
}

/// The first packet of a flow that is no SYN: an ACK scan, the answer to a question that is not in
/// the capture, or a connection that was there before.
void Tracker::out_of_the_blue(const Sighting& seen, std::uint64_t hash) {
  const auto& segment = seen.segment;
  const bool answer = segment.is_syn_ack() ||
                      (segment.is_reset() && segment.has(tcp_flag::ack) && segment.sequence == 0);
  if (answer) {
    if (!follows(seen.key.destination())) return;
    ++counts_.inbound;
    auto& trail = begin(seen, hash, nothing, reversed(seen.key), ProbeKind::syn);
    trail.unseen = true;
    trail.sequence = segment.acknowledgment - 1;
    trail.hop_limit = full_hop_limit;
    return trails_.add_answer(trail, answer_of(seen));
  }
  if (segment.is_reset()) return;
  // The lower port is the service's, as long as nothing better is known.
  const bool bare_ack = segment.flags == tcp_flag::ack && segment.payload == 0;
  const auto flow = seen.key.flow();
  const bool from_client = bare_ack || flow.source.port > flow.destination.port;
  const auto towards_service = from_client ? seen.key : reversed(seen.key);
  if (!follows(towards_service.source())) return;
  auto& trail =
      begin(seen, hash, nothing, towards_service, bare_ack ? ProbeKind::ack : ProbeKind::syn);
  if (bare_ack) trail.number = segment.acknowledgment;
  trail.sequence = segment.sequence;
  trail.joined = trail.talking = !bare_ack;
  trails_.add_copy(trail, seen.frame);
}

/// traceroute gives each a port of its own; where a tool does not, the newest that waits is meant.
void Tracker::see_datagram(const Sighting& seen, std::uint64_t hash) {
  if (!follows(seen.key.source())) return;
  auto& trail = begin(seen, hash, newest_of(seen.key.key, hash), seen.key, ProbeKind::udp);
  trails_.add_copy(trail, seen.frame);
  trails_.add_ip_id(trail, seen.ip_id_or_flow_label);
}

void Tracker::see_echo(const Sighting& seen, std::uint64_t hash) {
  const auto& echo = seen.echo;
  if (!echo.reply) {
    if (!follows(seen.key.source())) return;
    auto& trail = begin(seen, hash, newest_of(seen.key.key, hash), seen.key, ProbeKind::echo);
    trail.sequence = std::uint32_t{echo.identifier} << 16 | echo.sequence;
    return trails_.add_copy(trail, seen.frame);
  }
  const auto asked =
      find_asked(newest_of(seen.key.key, hash), !seen.key.from_low, [&](const Trail& trail) {
        return trail.sequence == (std::uint32_t{echo.identifier} << 16 | echo.sequence);
      });
  if (asked != nothing)
    add(asked, answer_of(seen, ReplyKind::echo_reply, std::monostate{}), seen.at);
}

void Tracker::see_error(const Sighting& seen, std::uint64_t hash) {
  const auto& error = seen.error;
  if (!follows(seen.key.source())) return;
  const auto newest = newest_of(seen.key.key, hash);
  const auto is_quoted = [&](const Trail& trail) {
    return error.has_sequence && error.sequence == trail.sequence;
  };
  const auto same_id = [&](const Trail& trail) {
    return is_quoted(trail) && trails_.has_ip_id(trail, error.ip_id_or_flow_label);
  };
  auto asked = find_asked(newest, seen.key.from_low, same_id);
  if (asked == nothing) asked = find_asked(newest, seen.key.from_low, is_quoted);
  if (asked == nothing) {
    if (seen.key.key.transport == Transport::tcp) ++counts_.unverified;
    return;
  }
  ++counts_.inbound;
  add(asked, answer_of(seen, kind_of(error, seen.key.key.family), error), seen.at);
}

void Tracker::add(TrailId id, const Answer& answer, TimePoint at) {
  trails_[id].touched = at;
  trails_.add_answer(trails_[id], answer);
}

Trail& Tracker::begin(const Sighting& seen, std::uint64_t hash, TrailId newest,
                      const DirectedKey& flow, ProbeKind kind) {
  if (following_ >= limits_.live) {
    make_room(seen.at);
    newest = newest_of(flow.key, hash);
  }
  unsigned count = 0;
  for (auto older = newest; older != nothing; older = trails_[older].next)
    if (++count == most_per_flow) {
      hand_on_early(older, hash);
      break;
    }
  const auto id = trails_.take();
  if (newest == nothing)
    live_.insert(hash, id);
  else
    live_.replace(hash, newest, id);
  auto& trail = trails_[id];
  trail.next = newest;
  trail.key = flow.key;
  trail.from_low = flow.from_low;
  trail.kind = kind;
  trail.frame = seen.frame;
  trail.hop_limit = seen.hop_limit;
  trail.traffic_class = seen.traffic_class;
  trail.touched = trail.at = seen.at;
  ++following_;
  wait({seen.at + limits_.linger, id, static_cast<std::uint32_t>(hash)}, seen.at);
  return trail;
}

TimePoint Tracker::due(const Trail& trail) const {
  const bool talking = trail.talking && !trail.own_reset;
  const bool over = talking ? trail.over : trail.answers > 0;
  if (over) return trail.touched + limits_.linger;
  if (talking) return trail.touched + limits_.patience;
  const Duration repeated = std::chrono::seconds(slowest_backoff * trail.gap);
  return trail.touched + std::clamp(repeated, limits_.brevity, limits_.patience);
}

void Tracker::wait(Waiting::Place place, TimePoint now) {
  if (place.due - now <= limits_.linger) return soon_.push(place);
  place.due = now + next_look;
  later_.push(place);
}

/// Whoever is not due yet is looked at again later; both queues are in order, but for what a late
/// packet of an attempt puts off.
void Tracker::look_at_first(Waiting& queue, bool forced, TimePoint now) {
  const auto place = queue.pop(trails_, live_);
  const auto& trail = trails_[place.id];
  if (trail.gone) {
    --following_;
    return trails_.give_back(place.id);
  }
  const auto when = due(trail);
  if (when > now && !forced) return wait({when, place.id, place.tag}, now);
  if (when > now) ++counts_.early;
  --following_;
  hand_on(place.id, place.tag);
}

void Tracker::make_room(TimePoint now) {
  while (following_ >= limits_.live && following_ > 0)
    look_at_first(later_.empty() ? soon_ : later_, true, now);
}

void Tracker::retire(TimePoint now) {
  for (auto* queue : {&soon_, &later_})
    while (queue->due() <= now) look_at_first(*queue, false, now);
}

void Tracker::hand_on(TrailId id, std::uint64_t hash) {
  unlink(id, hash);
  done_(id, horizon_);
}

/// Its place in the queue stays until its turn: an empty trail keeps it.
void Tracker::hand_on_early(TrailId id, std::uint64_t hash) {
  unlink(id, hash);
  const auto copy = trails_.take();
  trails_[copy] = trails_[id];
  trails_[id] = Trail{};
  trails_[id].gone = true;
  done_(copy, horizon_);
}

/// From the others of its flow.
void Tracker::unlink(TrailId id, std::uint64_t hash) {
  const auto older = trails_[id].next;
  if (live_.holds(hash, id))
    return older == nothing ? live_.erase(hash, id) : live_.replace(hash, id, older);
  auto newer = newest_of(trails_[id].key, hash);
  while (trails_[newer].next != id) newer = trails_[newer].next;
  trails_[newer].next = older;
}

void Tracker::finish(TimePoint horizon) {
  horizon_ = std::max(horizon_, horizon);
  std::vector<std::pair<FrameId, TrailId>> rest;
  rest.reserve(following_);
  for (const auto* queue : {&soon_, &later_})
    queue->each([&](const Waiting::Place& place) {
      const auto& trail = trails_[place.id];
      if (!trail.gone) rest.emplace_back(trail.frame, place.id);
    });
  std::ranges::sort(rest);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    constexpr std::size_t ahead = 8;
    if (i + ahead < rest.size()) trails_.prefetch(rest[i + ahead].second);
    done_(rest[i].second, horizon_);
  }
  soon_ = later_ = {};
  live_ = Slots();
  following_ = 0;
}

}  // namespace hopblame::offline
