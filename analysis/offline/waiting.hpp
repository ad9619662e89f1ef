#pragma once
// A queue of trails in the order in which they are due, and what will be needed soon of the next.

#include "analysis/offline/live_flows.hpp"

namespace hopblame::offline {

class Waiting {
 public:
  struct Place {
    TimePoint due;
    TrailId id;
    std::uint32_t tag;  ///< low half of the hash of its flow
  };

  [[nodiscard]] bool empty() const { return first_ == end_; }
  /// Of the first; the end of time when nobody waits.
  [[nodiscard]] TimePoint due() const { return due_; }

  void push(const Place& next) {
    if (end_ - first_ == places_.size()) grow();
    at(end_++) = next;
    due_ = at(first_).due;
  }

  /// The one that will come in a while is fetched ahead.
  Place pop(const Trails& trails, const LiveFlows& live) {
    const auto next = at(first_++);
    due_ = empty() ? TimePoint::max() : at(first_).due;
    fetch_ahead(&at(first_ + 4 * ahead));  // whatever stands there
    if (end_ - first_ > ahead) {
      const auto& soon = at(first_ + ahead);
      trails.prefetch(soon.id);
      live.prefetch(soon.tag);
    }
    return next;
  }

  template <class Visit>
  void each(Visit visit) const {
    for (auto i = first_; i != end_; ++i) visit(at(i));
  }

 private:
  static constexpr std::size_t ahead = 8;

  /// Unchecked, in a circle.
  [[nodiscard]] Place& at(std::size_t turn) { return places_.data()[turn & (places_.size() - 1)]; }
  [[nodiscard]] const Place& at(std::size_t turn) const {
    return places_.data()[turn & (places_.size() - 1)];
  }
  void grow() {
    std::vector<Place> larger(places_.size() * 2);
    for (auto i = first_; i != end_; ++i) larger[i - first_] = at(i);
    end_ -= first_;
    first_ = 0;
    places_.swap(larger);
  }

  std::vector<Place> places_ = std::vector<Place>(64);  ///< a power of two of them
  std::size_t first_ = 0, end_ = 0;                     ///< turns, not yet in the circle
  TimePoint due_ = TimePoint::max();
};

}  // namespace hopblame::offline
