// What was seen before under another flow or on its way through the same machine, and what belongs
// to an older connection or to that of the other end. Seldom asked, so not in one piece with the
// rest.

#include "analysis/offline/answer.hpp"
#include "analysis/offline/seen_again.hpp"
#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {

/// Of another flow, probably; places are used again, and who stays moves.
Followed Tracker::begun_with(std::uint32_t sequence) {
  const auto id = recent_.find(sequence);
  if (id == nothing) return {};
  const auto key = trails_[id].key;
  const auto same = [&](const Trail& trail) { return trail.sequence == sequence; };
  return live_.find(live_.newest(key, hash_(key), nothing), trails_[id].from_low, same);
}

/// The SYN was seen a moment ago before a machine that masquerades; or behind it, where that stands
/// earlier in the file: then this one is the client's.
bool Tracker::is_passed_on(const Sighting& seen) {
  const auto known = begun_with(seen.segment.sequence);
  if (known && is_translated(trails_, *known, seen)) note_passage(*known, seen);
  if (!known || !is_masqueraded(trails_, *known, seen)) return false;
  const bool nearer = seen.hop_limit > known->hop_limit;
  known->masqueraded = known->masqueraded || nearer;
  return !nearer;
}

/// The host acknowledges something else while a SYN waits: an older connection (RFC 9293
/// section 3.10.7.4).
void Tracker::note_older(Trail& trail, const Sighting& seen) {
  if ((seen.segment.flags & 0x17) == tcp_flag::ack) note_misanswer(trail, seen);
}

/// What does not answer the SYN by its numbers. The first is enough to tell of it, and leaves room
/// for answers that do.
void Tracker::note_misanswer(Trail& trail, const Sighting& seen) {
  const bool waits = trail.kind == ProbeKind::syn && !trail.talking && trail.answers == 0;
  if (!waits || trail.from_low == seen.key.from_low) return;
  auto answer = answer_of_segment(seen);
  answer.kind = ReplyKind::other_segment;
  trails_.add_answer(trail, answer);
}

/// It was no attempt of its own. Its place in the queue stays until its turn.
void Tracker::forget(TrailId id, std::uint64_t hash) {
  live_.remove(id, hash);
  trails_.give_back(trails_.moved(id));
}

/// SYNs that cross on their way make one connection (RFC 9293 section 3.5): of who asked first.
void Tracker::both_ask(const Followed& one, const Followed& other, const Sighting& seen,
                       std::uint64_t hash) {
  const bool first = one->frame < other->frame;
  forget(first ? other.id : one.id, hash);
  if (!first) add(*other, seen, answer_of_segment);
}

/// Behind a SYN that waits, of a client that has an older connection as well: it goes on with that
/// one, and the SYN was a stray (RFC 5961 section 4).
Followed Tracker::meant_by_client(const Followed& asked, const Followed& newest,
                                  const Sighting& seen, std::uint64_t hash) {
  const auto& segment = seen.segment;
  const auto& trail = *asked;
  if (segment.is_syn_ack()) {
    const auto other = live_.find(newest, !seen.key.from_low, [&](const Trail& known) {
      return known.kind == ProbeKind::syn && !known.talking &&
             known.sequence + 1 == segment.acknowledgment;
    });
    if (!other) return asked;
    both_ask(asked, other, seen, hash);
    return {};
  }
  const bool begins = segment.sequence == trail.sequence + 1 || trail.has(ReplyKind::syn_ack);
  if (begins || trail.answer_unseen || trail.next == nothing) return asked;
  const auto older = live_.find(live_.older(asked), seen.key.from_low,
                                [](const Trail& known) { return known.talking && !known.over; });
  if (!older) return asked;
  if (!segment.is_reset()) forget(asked.id, hash);
  return older;
}

/// A ping or a datagram that is seen on its way through the machine that captured it.
bool Tracker::passes_again(const Sighting& seen, const Followed& newest, std::uint32_t number) {
  // Datagrams have no number that tells one from the next, which may be given more hops.
  const auto nearer = [&](const Trail& trail) {
    return number != 0 && is_seen_nearer(trails_, trail, seen);
  };
  const auto known = live_.find(newest, seen.key.from_low, [&](const Trail& trail) {
    return trail.sequence == number && (is_seen_again(trails_, trail, seen) || nearer(trail));
  });
  if (!known) return false;
  if (nearer(*known)) comes_nearer(*known, seen);
  note_passage(*known, seen);
  known->twice = true;
  known->apart = known->apart || is_far(*known, seen);
  return true;
}

}  // namespace hopblame::offline
