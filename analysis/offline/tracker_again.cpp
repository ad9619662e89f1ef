// What was seen before under another flow or on its way through the same machine, and what belongs
// to an older connection or to that of the other end. Seldom asked, so not in one piece with the
// rest.

#include "analysis/offline/answer.hpp"
#include "analysis/offline/seen_again.hpp"
#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {
namespace {

/// Of two ways to count, it is by the other one.
bool is_counted_from(std::uint32_t other, std::uint32_t own, std::uint32_t number) {
  return number - other < number - own;
}

}  // namespace

/// Of another flow, probably; places are used again, and who stays moves.
Followed Tracker::begun_with(std::uint32_t sequence) {
  const auto id = recent_.find(sequence);
  if (id == nothing) return {};
  const auto key = trails_[id].key;
  const auto same = [&](const Trail& trail) { return trail.sequence == sequence; };
  return live_.find(live_.newest(key, hash_(key), nothing), trails_[id].from_low, same);
}

/// The SYN was seen a moment ago before a machine that translates addresses; or behind it, where
/// that stands earlier in the file: then this one is the client's, and there is none before it.
TrailId Tracker::passed_on_from(const Sighting& seen) {
  const auto known = begun_with(seen.segment.sequence);
  if (!known || !is_translated(trails_, *known, seen)) return nothing;
  const auto ends = seen.key.flow();
  if (seen.hop_limit > known->hop_limit) {
    note_copy(*known, ends.source);
    return nothing;
  }
  note_passage(*known, seen);
  trails_.forwards().add(known->sequence, {known->flow().flow().source, ends.destination,
                                           seen.frame, seen.segment.sequence});
  return known.id;
}

/// The SYN of that trail with another hop limit. Who is no kernel may walk, and ask again with more
/// hops. `copied`: what is to come shows all of it at the client.
bool Tracker::is_known_elsewhere(Trail& trail, const Sighting& seen, Trail*& copied) {
  if (!trail.by_stack) return false;
  if (is_written_late(trails_, trail, seen)) {
    was_passed_on(trail);
    return true;
  }
  if (trail.apart && is_far(trail, seen)) return true;  // the client's is to come
  if (!is_seen_nearer(trails_, trail, seen)) return false;
  if (trail.talking || trail.copies > 1) {
    copied = &trail;
    return false;
  }
  comes_nearer(trail, seen);
  return true;
}

/// It turns out to be what became of a SYN of that client.
void Tracker::note_copy(Trail& copy, const Endpoint& client) {
  copy.translated = copy.twice = true;
  trails_.forwards().add(copy.sequence,
                         {client, copy.flow().flow().destination, copy.frame, copy.sequence});
  trails_.each_answer(copy, [&](const Answer& answer) { note_far_answer(copy.sequence, answer); });
}

/// The first says how the far side answers.
void Tracker::note_far_answer(std::uint32_t sequence, const Answer& answer) {
  auto* forward = trails_.forwards().find(sequence);
  if (forward == nullptr || forward->answer) return;
  const auto* segment = std::get_if<SeenSegment>(&answer.what);
  forward->answer =
      FarAnswer{answer.frame, answer.kind, answer.hop_limit, segment ? segment->sequence : 0};
}

/// What is followed is what the machine between has passed on, and so it stays.
void Tracker::was_passed_on(Trail& trail) {
  trail.twice = true;
  const auto ends = trail.flow().flow();
  trails_.forwards().add(trail.sequence,
                         {ends.source, ends.destination, trail.frame, trail.sequence});
}

/// The SYN of that flow behind a firewall that gives it another number, or a copy of it.
bool Tracker::is_renumbered_syn(Trail& trail, const Sighting& seen) {
  if (trail.from_low != seen.key.from_low || trail.unseen()) return false;
  const auto number = seen.segment.sequence;
  if (number == trail.sequence) return false;
  const auto* known = trail.twice ? trails_.forwards().find(trail.sequence) : nullptr;
  if (known && known->number == number) return true;
  if (!is_renumbered(trails_, trail, seen)) return false;
  note_passage(trail, seen);
  trail.twice = true;
  const auto ends = seen.key.flow();
  trails_.forwards().add(trail.sequence, {ends.source, ends.destination, seen.frame, number});
  return true;
}

/// Of such a connection what the client says, behind the firewall.
bool Tracker::is_renumbered_again(const Trail& trail, const Sighting& seen) const {
  const auto* known = trails_.forwards().find(trail.sequence);
  return known && is_counted_from(known->number, trail.sequence, seen.segment.sequence);
}

/// And what the server says, before the firewall has passed it on. Its numbers may change as well.
bool Tracker::is_renumbered_answer(const Trail& trail, const Sighting& seen) {
  const auto* known = trails_.forwards().find(trail.sequence);
  if (known == nullptr || known->number == trail.sequence) return false;
  const auto& segment = seen.segment;
  if (segment.has(tcp_flag::ack)) {
    if (!is_counted_from(known->number, trail.sequence, segment.acknowledgment - 1)) return false;
    note_far_answer(trail.sequence, answer_of_segment(seen));
    return true;
  }
  const auto* accepted = trails_.answer_of(trail, ReplyKind::syn_ack);
  return accepted && known->answer && known->answer->kind == ReplyKind::syn_ack &&
         is_counted_from(known->answer->sequence, trails_.first_word(trail) - 1, segment.sequence);
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
