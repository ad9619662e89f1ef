// Which attempts of a target stay as examples for the judges.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {
namespace {

constexpr unsigned often = 4, rarely = 64;  ///< a new example: each time, then one in so many

/// A sample of a kind, not of everything: what a step of a walk met, or how an attempt ended.
/// Both are limited, or neither is.
bool alike(const Shelf::Label& one, const Trail& other) {
  const bool same_step = !is_limited(other) || one.hop_limit == other.hop_limit;
  return one.kind == other.kind && same_step && one.outcome == other.outcome;
}

/// Of a SYN: other kinds of probes have no outcome.
std::uint32_t outcome_bit(const Trail& trail) {
  return trail.outcome ? 1u << static_cast<unsigned>(*trail.outcome) : 0;
}

/// The hop limit of a step that passed; other steps are few.
std::uint32_t step_bit(const Trail& trail) {
  const bool step = trail.kind == ProbeKind::syn && !trail.outcome && trail.hop_limit.value > 0;
  return step ? std::uint32_t{1} << (trail.hop_limit.value - 1) : 0;
}

}  // namespace

bool Book::is_full(const Target& target, const Trail& trail) const {
  if (target.extra == nothing) return false;
  const auto& extra = extras_[target.extra];
  return is_limited(trail) ? (extra.full_steps & step_bit(trail)) != 0
                           : (extra.full & outcome_bit(trail)) != 0;
}

Extra& Book::extra_of(Target& target) {
  if (target.extra == nothing) {
    target.extra = static_cast<PoolId>(extras_.size());
    extras_.add();
  }
  return extras_[target.extra];
}

void Book::set_full(Target& target, const Trail& trail) {
  auto& extra = extra_of(target);
  (is_limited(trail) ? extra.full_steps : extra.full) |=
      is_limited(trail) ? step_bit(trail) : outcome_bit(trail);
}

/// Where there are examples enough, only now and then a newer one is worth the work.
bool Book::is_one_too_many(const Target& target, const Trail& trail) {
  if (!is_full(target, trail)) return false;
  auto& extra = extras_[target.extra];
  auto& met =
      is_limited(trail) ? extra.steps_met : extra.met[static_cast<std::size_t>(*trail.outcome)];
  return ++met > often && met % rarely != 0;
}

/// Those alike in the list that begins at `newest`: the first, what is before it, and how many
/// there are; of a kind that is known to be full the first is enough.
Book::Alike Book::alike_in(PoolId newest, const Trail& trail, bool full) const {
  Alike found;
  auto before = nothing;
  for (auto id = newest; id != nothing;) {
    const auto label = shelf_.label(id);
    if (alike(label, trail)) {
      if (found.count++ == 0) {
        found.before = before;
        found.first = id;
      }
      if (full) break;
    }
    before = id;
    id = label.next;
  }
  return found;
}

/// The newest of its kind takes the last place. Where the kind is counted, nobody is looked at who
/// stays: kept attempts are many and long out of the caches.
void Book::keep(Target& target, const Trail& trail) {
  const bool step = is_limited(trail), counted = outcome_bit(trail) != 0 && !step;
  auto& newest = step ? extra_of(target).steps : target.sample;
  const auto room = kept_ >= limits_.kept ? 1
                    : step                ? limits_.kept_of_step
                                          : limits_.kept_of_outcome;
  auto& kept =
      target.kept[static_cast<std::size_t>(trail.outcome ? *trail.outcome : Outcome::open)];
  const bool full = is_full(target, trail) || (counted && kept >= room);
  const auto found = counted && !full ? Alike{} : alike_in(newest, trail, full);
  if (full || found.count >= room) {
    set_full(target, trail);
    take_out(newest, found);
  } else {
    ++kept_;
    if (counted) ++kept;
  }
  newest = shelf_.put(trails_, trail, ends_of(target), newest);
}

/// Where others are enough: the newest few, among which are those of the time of the newest
/// silence.
void Book::keep_late(Target& target, const Trail& trail) {
  auto& newest = extra_of(target).late;
  newest = shelf_.put(trails_, trail, ends_of(target), newest);
  auto last = newest;
  for (std::size_t i = 1; i < limits_.kept_of_outcome && last != nothing; ++i)
    last = shelf_.label(last).next;
  const auto oldest = last == nothing ? nothing : shelf_.label(last).next;
  if (oldest == nothing) return;
  shelf_.set_next(last, nothing);
  shelf_.remove(oldest);
}

void Book::take_out(PoolId& newest, const Alike& found) {
  const auto next = shelf_.label(found.first).next;
  if (found.before == nothing)
    newest = next;
  else
    shelf_.set_next(found.before, next);
  shelf_.remove(found.first);
}

}  // namespace hopblame::offline
