// How each client of a target fares, where there are several.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// From the second client on; until then all attempts were of the first.
void Book::note_client(Target& target, const Trail& trail) {
  const bool first_time = !target.several_clients;
  target.several_clients = true;
  if (first_time && fates_.size() < limits_.several) {
    extra_of(target).fates = static_cast<PoolId>(fates_.size());
    auto& fates = fates_.add();
    const auto& known = target.attempts;
    fates.add(target.client, Outcome::open, known.open);
    fates.add(target.client, Outcome::dropped, known.total - known.open);
  }
  if (target.extra == nothing || extras_[target.extra].fates == nothing || !trail.outcome) return;
  fates_[extras_[target.extra].fates].add({trail.key.family, trail.client()}, *trail.outcome);
}

bool Book::differs_by_client(const Target& target) const {
  if (target.changes < 2 || target.extra == nothing) return false;
  const auto fates = extras_[target.extra].fates;
  return fates != nothing && fates_[fates].differ_by_client();
}

}  // namespace hopblame::offline
