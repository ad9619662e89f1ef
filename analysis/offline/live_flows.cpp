#include "analysis/offline/live_flows.hpp"

namespace hopblame::offline {

void LiveFlows::add(TrailId id, TrailId newest, std::uint64_t hash) {
  (*trails_)[id].next = newest;
  if (newest == nothing)
    slots_.insert(hash, id);
  else
    slots_.replace(hash, newest, id);
}

void LiveFlows::remove(TrailId id, std::uint64_t hash) {
  const auto older = (*trails_)[id].next;
  if (slots_.holds(hash, id))
    return older == nothing ? slots_.erase(hash, id) : slots_.replace(hash, id, older);
  auto newer = newest((*trails_)[id].key, hash);
  while ((*trails_)[newer].next != id) newer = (*trails_)[newer].next;
  (*trails_)[newer].next = older;
}

TrailId LiveFlows::one_too_many(TrailId newest) const {
  unsigned count = 0;
  for (auto id = newest; id != nothing; id = (*trails_)[id].next)
    if (++count == most_per_flow) return id;
  return nothing;
}

}  // namespace hopblame::offline
