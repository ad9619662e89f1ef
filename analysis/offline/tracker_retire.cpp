// When an attempt is handed on: answered and lingered, waited long enough, or too many at a time.
#include <algorithm>

#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {
namespace {

constexpr Duration next_look = std::chrono::seconds(20);
constexpr Duration between_rounds = std::chrono::milliseconds(20);
constexpr int slowest_backoff = 4;
constexpr Duration after_leap = std::chrono::seconds(1);

/// Nobody has acknowledged the SYN/ACK: it is repeated after 1, 3, 7, 15 seconds and more.
bool is_half_open(const Trail& trail) {
  return trail.has(ReplyKind::syn_ack) && !trail.own_reset && !trail.has(ReplyKind::reset_ack);
}

/// By what settles it.
bool is_answered(const Trail& trail) {
  constexpr auto bit = [](ReplyKind kind) { return 1u << static_cast<unsigned>(kind); };
  constexpr auto settles_nothing =
      bit(ReplyKind::other_segment) | bit(ReplyKind::fin) | bit(ReplyKind::data);
  return (trail.kinds & ~settles_nothing) != 0;
}

}  // namespace

TimePoint Tracker::due(const Trail& trail) const {
  const bool talking = trail.talking && !trail.own_reset;
  if (!talking && is_half_open(trail)) return trail.touched + limits_.brevity;
  // After a refusal, too: it may not have reached the client, or its stack asks once more.
  const bool asks_on = trail.by_stack && trail.copies > 1;
  const bool over = talking ? trail.over : is_answered(trail) && !asks_on;
  if (over) return trail.touched + limits_.linger;
  if (talking) return trail.touched + limits_.idle;
  const Duration repeated = std::chrono::seconds(slowest_backoff * trail.gap);
  return trail.touched + std::clamp(repeated, limits_.brevity, limits_.patience);
}

/// What is not over at the first look may take long.
void Tracker::wait(Waiting::Place place, TimePoint now) {
  const auto id = trails_.settle(place.id);
  if (id != place.id) live_.move(place.id, id, place.tag);
  place.id = id;
  if (place.due - now <= limits_.linger) return soon_.push(place);
  place.due = std::min(place.due, now + next_look);
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

/// Many in a round: one by one, between packets, nobody could foresee when. Nothing was seen for
/// long, or the clock was set or the machine slept: then answers that are due come right after
/// that.
void Tracker::retire(TimePoint now) {
  const bool leaps = now - horizon_ > limits_.linger && counts_.packets > 1;
  next_round_ = now + (leaps ? after_leap : between_rounds);
  horizon_ = std::max(horizon_, now);
  if (leaps) return;
  for (auto* queue : {&soon_, &later_})
    while (queue->due() <= now) look_at_first(*queue, false, now);
}

void Tracker::hand_on(TrailId id, std::uint64_t hash) {
  live_.remove(id, hash);
  done_(id, horizon_);
}

/// Its place in the queue stays until its turn: an emptied trail keeps it.
void Tracker::hand_on_early(TrailId id, std::uint64_t hash) {
  live_.remove(id, hash);
  done_(trails_.moved(id), horizon_);
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
  live_ = LiveFlows(trails_);
  following_ = 0;
}

}  // namespace hopblame::offline
