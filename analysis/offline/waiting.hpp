#pragma once
// A queue of trails in the order in which they are due.

#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

class Waiting {
 public:
  [[nodiscard]] bool empty() const { return first_ == nothing; }
  [[nodiscard]] TrailId first() const { return first_; }
  [[nodiscard]] bool has_due(TimePoint now) const { return first_ != nothing && first_due_ <= now; }

  void push(Trails& trails, TrailId id) {
    auto& trail = trails[id];
    trail.before = last_;
    trail.after = nothing;
    (last_ == nothing ? first_ : trails[last_].after) = id;
    last_ = id;
    first_due_ = trails[first_].due;
  }

  void remove(Trails& trails, TrailId id) {
    const auto& trail = trails[id];
    (trail.before == nothing ? first_ : trails[trail.before].after) = trail.after;
    (trail.after == nothing ? last_ : trails[trail.after].before) = trail.before;
    if (first_ != nothing) first_due_ = trails[first_].due;
  }

 private:
  TrailId first_ = nothing, last_ = nothing;
  TimePoint first_due_;
};

}  // namespace hopblame::offline
