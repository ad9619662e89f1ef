#pragma once
// A queue of trails in the order in which they are due, and what will be needed soon of the next.

#include <deque>

#include "analysis/offline/live_flows.hpp"

namespace hopblame::offline {

class Waiting {
 public:
  struct Place {
    TimePoint due;
    TrailId id;
    std::uint32_t tag;  ///< low half of the hash of its flow
  };

  [[nodiscard]] bool empty() const { return places_.empty(); }
  /// Of the first; the end of time when nobody waits.
  [[nodiscard]] TimePoint due() const { return due_; }
  [[nodiscard]] auto begin() const { return places_.begin(); }
  [[nodiscard]] auto end() const { return places_.end(); }

  void push(const Place& next) {
    places_.push_back(next);
    due_ = places_.front().due;
  }

  /// The one that will come in a while is fetched ahead.
  Place pop(const Trails& trails, const LiveFlows& live) {
    const auto next = places_.front();
    places_.pop_front();
    due_ = empty() ? TimePoint::max() : places_.front().due;
    if (places_.size() > ahead) {
      const auto& soon = places_.begin()[ahead];
      trails.prefetch(soon.id);
      live.prefetch(soon.tag);
    }
    return next;
  }

 private:
  static constexpr std::size_t ahead = 8;

  std::deque<Place> places_;
  TimePoint due_ = TimePoint::max();
};

}  // namespace hopblame::offline
