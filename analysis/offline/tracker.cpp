#include "analysis/offline/tracker.hpp"

#include <algorithm>

#include "analysis/offline/answer.hpp"
#include "analysis/offline/conversation.hpp"
#include "analysis/offline/seen_again.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_together = 64, most_in_vain = 4096;
/// Most answers come within this, so that the first look at an attempt is the only one.
constexpr Duration answered_soon = std::chrono::milliseconds(500);

/// Rounded up.
unsigned whole_seconds(Duration span) {
  const auto count = std::chrono::ceil<std::chrono::seconds>(span).count();
  return static_cast<unsigned>(std::clamp<std::int64_t>(count, 0, 127));
}

/// What is known of the packet that asks.
void put_question(Trail& trail, const Sighting& seen) {
  trail.frame = seen.frame;
  trail.hop_limit = seen.hop_limit;
  trail.traffic_class = seen.traffic_class;
  // Every stack since the nineties offers SACK; scanners that choose a hop limit of their own do
  // not.
  trail.by_stack = trail.kind == ProbeKind::syn && seen.segment.options.sack_permitted;
}

/// A filter on SYN, FIN and RST leaves out what both said between.
bool ends_unseen(const Trails& trails, const Trail& trail, const SeenSegment& segment) {
  constexpr std::uint32_t near = 1 << 24;
  const bool resets = segment.is_reset();
  if (!resets && !segment.has(tcp_flag::fin)) return false;
  const auto said = segment.sequence - trails.first_word(trail);
  const auto heard = segment.acknowledgment - (trail.sequence + 1);
  return said >= (resets ? 1 : 0) && said < near && (!segment.has(tcp_flag::ack) || heard < near);
}

/// What a server sends after its SYN/ACK: the client has acknowledged that, or will be seen to a
/// moment later. A RST without a number of its own answers a SYN.
bool shows_unseen_client(const Trails& trails, const Trail& trail, const SeenSegment& segment) {
  if (trail.talking || !trail.has(ReplyKind::syn_ack)) return false;
  if (!trail.unseen())
    return (segment.payload > 0 && answers(segment, trail)) || ends_unseen(trails, trail, segment);
  return !segment.is_syn_ack() && !(segment.is_reset() && segment.sequence == 0);
}

Answer passed_on(Answer answer) {
  answer.passed_on = true;
  return answer;
}

/// Before and behind the machine that passes its packets on.
bool shows_both_sides(const Trails& trails, const Trail& trail) {
  return trail.passed_on || (trail.twice && trails.forwards().find(trail.sequence) != nullptr);
}

/// Seldom asked, so not in one piece with the rest.
[[gnu::noinline]] bool is_shown_again(Trails& trails, const Trail& trail, const Answer& answer) {
  if ((trail.twice || trail.unseen()) && trails.note_passage(trail, answer, is_answered_again))
    return true;
  if (trail.twice && trails.replace(trail, passed_on(answer), is_answered_before)) return true;
  if (trail.apart && trails.replace(trail, answer, is_arrival)) return true;
  if (trail.apart && has_arrived(trails, trail, answer)) return true;
  if (!shows_both_sides(trails, trail)) return false;
  return trails.note_passage(trail, answer, is_passed_on_later) ||
         trails.replace(trail, passed_on(answer), was_passed_on_before);
}

}  // namespace

Tracker::Tracker(const TrackerLimits& limits, Trails& trails, Done done, Look look)
    : limits_(limits),
      trails_(trails),
      done_(std::move(done)),
      look_(std::move(look)),
      sample_until_(sampled),
      hash_{limits.seed},
      live_(trails) {}

bool Tracker::follows(const DirectedKey& from_client) const {
  return !limits_.local || *limits_.local == from_client.source();
}

/// In one piece with what is done for a packet: calls would cost more than most packets do.
[[gnu::flatten]] void Tracker::observe(std::span<const Sighting> batch) {
  std::array<Ahead, most_together> all;
  if (counts_.packets < sample_until_) [[unlikely]]
    sample(batch);
  while (!batch.empty()) {
    const auto some = batch.first(std::min(batch.size(), most_together));
    const auto ahead = std::span(all).first(some.size());
    auto* next = ahead.data();
    for (const auto& seen : some) {
      const auto hash = hash_(seen.key.key);
      live_.prefetch(hash);
      next++->hash = hash;
    }
    for (auto& flow : ahead) flow.guess = live_.guess(flow.hash);
    next = ahead.data();
    for (const auto& seen : some) observe(seen, *next++);
    batch = batch.subspan(some.size());
  }
}

void Tracker::observe(const Observation& observation) {
  const auto seen = sighting_of(observation);
  shown_ = &observation;
  observe(std::span(&seen, 1));
  shown_ = nullptr;
}

void Tracker::observe(const Sighting& seen, const Ahead& ahead) {
  ++counts_.packets;
  if (next_round_ <= seen.at) retire(seen.at);
  horizon_ = std::max(horizon_, seen.at);
  if (seen.kind == Sighting::Kind::other) return;
  const auto hash = ahead.hash;
  const auto newest = live_.newest(seen.key.key, hash, ahead.guess);
  switch (seen.kind) {
    case Sighting::Kind::segment: return see_segment(seen, hash, newest);
    case Sighting::Kind::error: return see_error(seen, newest);
    case Sighting::Kind::echo: return see_echo(seen, hash, newest);
    case Sighting::Kind::datagram: return see_datagram(seen, hash, newest);
    case Sighting::Kind::other: return;
  }
}

void Tracker::see_segment(const Sighting& seen, std::uint64_t hash, const Followed& newest) {
  if (seen.segment.is_syn()) {
    if (follows(seen.key)) on_syn(seen, hash, newest);
    return;
  }
  const auto any = [](const Trail&) { return true; };
  if (auto asked = live_.find(newest, seen.key.from_low, any)) {
    ++counts_.outbound;
    if (!asked->talking) {
      if (asked->kind == ProbeKind::ack && goes_on(*asked, seen)) return;
      if (asked.id != newest.id || asked->next != nothing)
        asked = meant_by_client(asked, newest, seen, hash);
      if (!asked) return;
    }
    if (asked->twice && (is_repeated(*asked, seen) || is_renumbered_again(*asked, seen))) return;
    client_continues(trails_, *asked, seen);
    asked->touched = seen.at;
    return;
  }
  if (!newest) return out_of_the_blue(seen, hash);
  ++counts_.inbound;
  server_says(seen, newest);
}

void Tracker::on_syn(const Sighting& seen, std::uint64_t hash, const Followed& newest) {
  ++counts_.outbound;
  Trail* copied = nullptr;
  for (auto one = newest; one; one = live_.older(one)) {
    auto& trail = *one;
    const bool same =
        trail.from_low == seen.key.from_low && trail.sequence == seen.segment.sequence;
    if (!same) continue;
    if (trail.unseen()) return comes_late(trail, seen);
    if (is_seen_again(trails_, trail, seen)) {
      note_passage(trail, seen);
      trail.twice = true;
      trail.apart = trail.apart || is_far(trail, seen);
      return;
    }
    if (trail.hop_limit != seen.hop_limit) {
      if (is_known_elsewhere(trail, seen, copied)) return;
      continue;
    }
    trail.gap = whole_seconds(seen.at - trail.touched) & 127;
    trail.touched = seen.at;
    if (trail.asks_ecn && !seen.segment.has(tcp_flag::ecn)) trail.fell_back = 1;
    trails_.add_copy(trail, seen.frame);
    return trails_.add_ip_id(trail, seen.ip_id_or_flow_label);
  }
  auto original = nothing;
  if (newest) {
    // A firewall that changes numbers is quicker than any answer.
    const bool waits = newest->by_stack && newest->answers == 0;
    if (waits && is_renumbered_syn(*newest, seen)) return;
    if (copied) note_copy(*copied, seen.key.flow().source);
  }
  if (recent_.knows(seen.segment.sequence) && !copied) original = passed_on_from(seen);
  auto& trail = begin(seen, hash, newest.id, seen.key, ProbeKind::syn);
  trail.sequence = seen.segment.sequence;
  if (original != nothing) {
    trail.translated = trail.twice = true;
    recent_.add(trail.sequence, original);
  }
  if (copied) trail.twice = trail.apart = true;
  if (seen.segment.flags >= tcp_flag::ecn) trail.asks_ecn = 1;  // the two highest bits
  if (seen.segment.options.joins_another) trail.joins_another = true;
  if (seen.segment.payload > 0) trail.number = trail.sequence + 1 + seen.segment.payload;
  trails_.add_copy(trail, seen.frame);
  trails_.add_ip_id(trail, seen.ip_id_or_flow_label);
}

/// The question after its answer: records of several queues or interfaces are not always in order,
/// or the capture began between the two and this is a copy.
void Tracker::comes_late(Trail& trail, const Sighting& seen) {
  if (trail.kind != ProbeKind::syn || trail.joined) return;
  put_question(trail, seen);
  trail.at = std::min(trail.at, seen.at);
  trails_.add_copy(trail, seen.frame);
  trails_.add_ip_id(trail, seen.ip_id_or_flow_label);
}

/// The question as the client sent it, after it was seen elsewhere.
void Tracker::comes_nearer(Trail& trail, const Sighting& seen) {
  trail.twice = trail.apart = true;
  put_question(trail, seen);
}

void Tracker::server_says(const Sighting& seen, const Followed& newest) {
  if (seen.segment.is_reset() && seen.segment.payload > 0)
    trails_.reset_texts().add(seen.frame, seen.text);
  const bool client_low = !seen.key.from_low;
  const auto talking =
      live_.find_asked(newest, client_low, [](const Trail& trail) { return trail.talking; });
  // A port that is used again: the answer to a new SYN is not of the connection before it.
  auto& last = *newest;
  const bool anew = last.from_low == client_low && !last.talking && answers(seen.segment, last);
  if (talking && !anew) {
    if (!last.talking) note_older(last, seen);
    if (talking->twice &&
        (is_repeated_by_server(trails_, *talking, seen) || is_renumbered_answer(*talking, seen)))
      return;
    server_continues(trails_, *talking, seen);
    talking->touched = seen.at;
    return;
  }
  if (last.from_low == client_low && shows_unseen_client(trails_, last, seen.segment))
    return goes_on_unseen(last, seen);
  if (last.kind == ProbeKind::ack && goes_on(last, seen)) return;
  if (last.answer_unseen && last.from_low == client_low && goes_on_unaccepted(last, seen)) return;
  const auto fits = [&](const Trail& trail) { return answers(seen.segment, trail); };
  // Who asks one question at a time means the last; a copy of it may get a RST and die on its way.
  auto asked = live_.find(newest, client_low, fits);
  if (asked && asked->answers >= 2 * asked->copies)
    asked = live_.find_asked(newest, client_low, fits);
  if (asked) return add(*asked, seen, answer_of_segment);
  if (last.twice && is_renumbered_answer(last, seen)) return;
  note_misanswer(last, seen);
  last.count_misfit();
}

/// Its client is not in the capture; it has acknowledged the SYN/ACK, or the server would not go
/// on.
void Tracker::goes_on_unseen(Trail& trail, const Sighting& seen) {
  trail.talking = true;
  auto& rest = trails_.rest_of(trail);
  rest.connected = trail.touched = seen.at;
  if (seen.segment.payload == 0 && seen.segment.sequence != trails_.first_word(trail)) {
    trail.spoke = true;
    rest.spoke = seen.at;
  }
  server_continues(trails_, trail, seen);
}

void Tracker::add(Trail& trail, const Sighting& seen, Answer (*answer_of)(const Sighting&)) {
  if (trail.twice || trail.copies != 1 || trail.apart) {
    const auto answer = answer_of(seen);
    if (trail.translated) note_far_answer(trail.sequence, answer);
    if (is_shown_again(trails_, trail, answer)) return;
    // The client asks on: was it whole, and for that machine?
    if (trail.copies > 1 && trail.answers > 0) look_closer(seen, most_in_vain);
  }
  trail.touched = seen.at;
  trails_.add_answer(trail, [&] { return answer_of(seen); });
}

Trail& Tracker::begin(const Sighting& seen, std::uint64_t hash, TrailId newest,
                      const DirectedKey& flow, ProbeKind kind) {
  if (following_ >= limits_.live) {
    make_room(seen.at);
    newest = live_.newest(flow.key, hash, nothing).id;
  }
  if (newest != nothing)
    if (const auto oldest = live_.one_too_many(newest); oldest != nothing)
      hand_on_early(oldest, hash);
  const auto id = trails_.take();
  live_.add(id, newest, hash);
  if (kind == ProbeKind::syn) recent_.add(seen.segment.sequence, id);
  auto& trail = trails_[id];
  trail.key = flow.key;
  trail.from_low = flow.from_low;
  trail.kind = kind;
  put_question(trail, seen);
  trail.touched = trail.at = seen.at;
  ++following_;
  soon_.push({seen.at + limits_.linger + answered_soon, id, static_cast<std::uint32_t>(hash)});
  return trail;
}

}  // namespace hopblame::offline
