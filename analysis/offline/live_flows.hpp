#pragma once
// The attempts that are followed, found by their flow: those of one flow hang on each other, the
// newest first.

#include "analysis/offline/slots.hpp"
#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

/// An attempt that is followed, and its number: looking it up again costs as much as comparing
/// keys.
struct Followed {
  TrailId id = nothing;
  Trail* trail = nullptr;  ///< none where nothing was found
  explicit operator bool() const { return trail != nullptr; }
  Trail* operator->() const { return trail; }
  Trail& operator*() const { return *trail; }
};

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
  [[nodiscard]] Followed newest(const FlowKey& key, std::uint64_t hash, TrailId guess) const {
    if (guess != nothing)
      if (auto& trail = (*trails_)[guess]; trail.newest && trail.key == key) return {guess, &trail};
    return with(slots_.find(hash, [&](TrailId id) { return (*trails_)[id].key == key; }));
  }
  /// The one before it on the same flow.
  [[nodiscard]] Followed older(const Followed& one) const { return with(one->next); }
  /// The newest of those in one direction that fits.
  template <class Fits>
  [[nodiscard]] Followed find(const Followed& newest, bool from_low, Fits fits) const {
    for (auto one = newest; one; one = older(one))
      if (one->from_low == from_low && fits(*one)) return one;
    return {};
  }
  /// Of several probes with the same numbers (tcptraceroute gives all of them the same) the newest
  /// that waits: such a tool asks one question at a time.
  template <class Fits>
  [[nodiscard]] Followed find_asked(const Followed& newest, bool from_low, Fits fits) const {
    Followed found;
    for (auto one = newest; one; one = older(one)) {
      if (one->from_low != from_low || !fits(*one)) continue;
      if (one->answers == 0) return one;
      if (!found) found = one;
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
  [[nodiscard]] Followed with(TrailId id) const {
    return id == nothing ? Followed{} : Followed{id, &(*trails_)[id]};
  }

  Trails* trails_;
  Slots slots_{4};  ///< the newest of each flow
};

}  // namespace hopblame::offline
