// How the attempts on a target ended, and since when they end like that.
#include <algorithm>
#include <array>

#include "analysis/offline/book.hpp"
#include "analysis/offline/outcome.hpp"

namespace hopblame::offline {
namespace {

/// One attempt of each outcome: counting into an empty one and reading that at once would wait for
/// its narrow stores.
const auto one_of_each = [] {
  std::array<Attempts, outcomes> all;
  for (std::size_t i = 0; i < outcomes; ++i) hopblame::count(all[i], static_cast<Outcome>(i));
  return all;
}();

/// The first is the worst: what a reader wants to see on top.
constexpr std::array worst_first{
    Outcome::dropped,      Outcome::refused,        Outcome::rejected,     Outcome::unreachable,
    Outcome::closed_early, Outcome::silent_service, Outcome::intermittent, Outcome::inconclusive,
    Outcome::local,        Outcome::open,
};

bool is_worse(Outcome one, Outcome other) {
  return std::ranges::find(worst_first, one) < std::ranges::find(worst_first, other);
}

/// The client left before the service could say or do anything, or only asked whether the port is
/// open, as scans and walks do: no news of what comes then.
bool is_hasty(const Trail& trail) {
  return trail.outcome == Outcome::open && !trail.spoke && (trail.client_closed || !trail.talking);
}
void forget_counts(Target& target) {
  target.attempts = {};
  target.latest = target.worst = {};
  target.changes = 0;
}

}  // namespace

/// When it turned out how it ends: a connection that dies is news of that time. One that never got
/// a word fared so since it was made, or asked.
TimePoint Book::settled_at(const Trail& trail, Outcome outcome) const {
  if (!is_later(outcome)) return trail.at;
  const bool wordless = !trail.joined && !trail.spoke && !trail.taken;
  if (wordless) return trails_.asked_at(trail).value_or(trail.at);
  const bool died = outcome == Outcome::closed_early && trail.closed;
  if (died) return trails_.rest_of(trail).closed;
  return outcome == Outcome::silent_service ? trail.touched : trail.at;
}

/// A long connection is filed after attempts that began later: it says nothing of how it is now,
/// but perhaps how it was before.
void Book::count_late(Target& target, TimePoint settled, Outcome outcome) {
  const bool same = outcome == *target.latest;
  if (settled >= target.since)
    target.changes += same ? 0 : 2;  // in the middle of what seemed to be always the same
  else if (same)
    target.changes += target.changes > 0 ? 1 : 0;
  else if (target.changes == 0)
    target.changes = 1;
  if (target.changes == 0) target.since = std::min(target.since, settled);
}

void Book::count(Target& target, const Trail& trail, Outcome outcome) {
  const auto settled = settled_at(trail, outcome);
  const bool late = target.latest && settled < target.last;
  target.attempts.add(outcome);
  if (!target.latest) target.first = target.last = target.since = trail.at;
  target.first = std::min(target.first, trail.at);
  target.last = std::max(target.last, trail.at);
  // What the end of the capture cut off says nothing about what came before.
  if (target.latest && outcome == Outcome::inconclusive) return;
  const bool hasty = is_hasty(trail);
  if (target.latest && hasty && is_later(*target.latest)) return;
  if (!target.worst || is_worse(outcome, *target.worst)) target.worst = outcome;
  // Nor do those before it tell that it was otherwise then.
  if (target.hasty && is_later(outcome)) target.latest = outcome;
  if (!hasty) target.hasty = false;
  const bool known = target.latest && target.latest != Outcome::inconclusive;
  if (known && late) return count_late(target, settled, outcome);
  if (known && *target.latest != outcome) {
    ++target.changes;
    target.since = settled;
  }
  target.hasty = hasty && (target.hasty || target.latest != outcome);
  target.latest = outcome;
}

void Tally::add(Outcome outcome) {
  const auto& one = one_of_each.at(static_cast<std::size_t>(outcome));
  total += one.total;
  open += one.open;
  refused += one.refused;
  rejected += one.rejected;
  dropped += one.dropped;
  other += one.other;
}

/// A SYN/ACK that nobody is seen to acknowledge, to a SYN that is not there: where others of that
/// client are, it was asked before the capture began.
[[gnu::noinline]] bool Book::counts(Target& target, const Trail& trail) {
  const bool first = !target.latest, of_client = !target.several_clients;
  if (!trail.unseen()) {
    if (target.left_over && of_client) forget_counts(target);
    target.left_over = false;
    target.asked = of_client;
    return true;
  }
  const bool left_over = !trail.talking && trail.has(ReplyKind::syn_ack);
  if (left_over && target.asked && of_client) return false;
  target.left_over = left_over && (first || target.left_over);
  return true;
}

void Book::note(Target& target, const Trail& trail) {
  const bool plain = target.asked && !trail.unseen();
  if (trail.outcome && (plain || counts(target, trail))) count(target, trail, *trail.outcome);
  if (trail.answers > 0) target.seen = true;
  if (trail.unseen()) target.question_unseen = true;
  if (trail.answer_unseen) target.answer_unseen = true;
  if (is_by_timer(trail.touched - trail.at, trail.copies)) target.repeated = true;
  target.misfits += trail.misfits;
  target.ended = std::max(target.ended, trail.touched);
}

}  // namespace hopblame::offline
