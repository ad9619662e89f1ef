#pragma once
// The attempts that are followed, found by their flow: those of one flow hang on each other, the
// newest first.

#include "analysis/offline/slots.hpp"
#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

class LiveFlows {
 public:
  static constexpr unsigned most_per_flow = 256;

  explicit LiveFlows(Trails& trails) : trails_(&trails) {}

  void prefetch(std::uint64_t hash) const { slots_.prefetch(hash); }
  void prefetch_newest(std::uint64_t hash) const {
    if (const auto id = slots_.guess(hash); id != nothing) trails_->prefetch(id);
  }

  [[nodiscard]] TrailId newest(const FlowKey& key, std::uint64_t hash) const {
    return slots_.find(hash, [&](TrailId id) { return (*trails_)[id].key == key; });
  }
  /// The newest of those in one direction that fits.
  template <class Fits>
  [[nodiscard]] TrailId find(TrailId newest, bool from_low, Fits fits) const {
    for (auto id = newest; id != nothing; id = (*trails_)[id].next)
      if ((*trails_)[id].from_low == from_low && fits((*trails_)[id])) return id;
    return nothing;
  }
  /// Of several probes with the same numbers (tcptraceroute gives all of them the same) the newest
  /// that waits: such a tool asks one question at a time.
  template <class Fits>
  [[nodiscard]] TrailId find_asked(TrailId newest, bool from_low, Fits fits) const {
    const auto waits = [&](const Trail& trail) { return trail.answers == 0 && fits(trail); };
    const auto waiting = find(newest, from_low, waits);
    return waiting != nothing ? waiting : find(newest, from_low, fits);
  }

  /// Before `newest` of its flow, or as the first of it.
  void add(TrailId id, TrailId newest, std::uint64_t hash);
  void remove(TrailId id, std::uint64_t hash);
  /// The one that must go before the flow may have another; mostly none.
  [[nodiscard]] TrailId one_too_many(TrailId newest) const;

 private:
  Trails* trails_;
  Slots slots_;  ///< the newest of each flow
};

}  // namespace hopblame::offline
