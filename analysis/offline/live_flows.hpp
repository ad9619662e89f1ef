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
  /// Probably the newest of a flow, fetched ahead.
  [[nodiscard]] TrailId guess(std::uint64_t hash) const {
    const auto id = slots_.guess(hash);
    if (id != nothing) trails_->prefetch(id);
    return id;
  }

  /// A guess is right when the index still leads to it: that saves the second look-up.
  [[nodiscard]] TrailId newest(const FlowKey& key, std::uint64_t hash, TrailId guess) const {
    const auto is_it = [&](TrailId id) { return (*trails_)[id].key == key; };
    if (guess != nothing && (*trails_)[guess].newest && is_it(guess)) return guess;
    return slots_.find(hash, is_it);
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
    auto found = nothing;
    for (auto id = newest; id != nothing; id = (*trails_)[id].next) {
      const auto& trail = (*trails_)[id];
      if (trail.from_low != from_low || !fits(trail)) continue;
      if (trail.answers == 0) return id;
      if (found == nothing) found = id;
    }
    return found;
  }

  /// Before `newest` of its flow, or as the first of it.
  void add(TrailId id, TrailId newest, std::uint64_t hash);
  void remove(TrailId id, std::uint64_t hash);
  void move(TrailId from, TrailId to, std::uint64_t hash);
  /// The one that must go before the flow may have another; mostly none.
  [[nodiscard]] TrailId one_too_many(TrailId newest) const;

 private:
  Trails* trails_;
  Slots slots_{4};  ///< the newest of each flow
};

}  // namespace hopblame::offline
