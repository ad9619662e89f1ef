#include "analysis/offline/live_flows.hpp"

namespace hopblame::offline {

void LiveFlows::add(TrailId id, TrailId newest, std::uint64_t hash) {
  auto& trail = (*trails_)[id];
  trail.next = newest;
  trail.newest = true;
  if (newest == nothing) return slots_.insert(hash, id);
  (*trails_)[newest].newest = false;
  (*trails_)[newest].newer = id;
  slots_.replace(hash, newest, id);
}

void LiveFlows::remove(TrailId id, std::uint64_t hash) {
  auto& trail = (*trails_)[id];
  const auto older = trail.next, newer = trail.newer;
  if (older != nothing) (*trails_)[older].newer = newer;
  if (newer != nothing) {
    (*trails_)[newer].next = older;
    return;
  }
  trail.newest = false;
  if (older == nothing) return slots_.erase(hash, id);
  (*trails_)[older].newest = true;
  slots_.replace(hash, id, older);
}

void LiveFlows::move(TrailId from, TrailId to, std::uint64_t hash) {
  (*trails_)[from].newest = false;
  const auto& trail = (*trails_)[to];
  if (trail.next != nothing) (*trails_)[trail.next].newer = to;
  if (trail.newer != nothing)
    (*trails_)[trail.newer].next = to;
  else
    slots_.replace(hash, from, to);
}

TrailId LiveFlows::one_too_many(TrailId newest) const {
  unsigned count = 0;
  for (auto id = newest; id != nothing; id = (*trails_)[id].next)
    if (++count == most_per_flow) return id;
  return nothing;
}

}  // namespace hopblame::offline
