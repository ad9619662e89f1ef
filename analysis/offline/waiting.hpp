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
  template <class Visit>
  void each(Visit visit) const {
    for (auto at = first_; at != end_; ++at) visit(place(at));
  }

  void push(const Place& next) {
    if (end_ - first_ == ring_.size()) grow();
    place(end_++) = next;
    due_ = place(first_).due;
  }

  /// The one that will come in a while is fetched ahead.
  Place pop(const Trails& trails, const LiveFlows& live) {
    const auto next = place(first_++);
    __builtin_prefetch(&place(first_ + 3 * ahead));
    due_ = empty() ? TimePoint::max() : place(first_).due;
    if (end_ - first_ > ahead) {
      trails.prefetch(place(first_ + ahead).id);
      live.prefetch(place(first_ + ahead).tag);
    }
    return next;
  }

 private:
  static constexpr std::size_t ahead = 8;

  [[nodiscard]] Place& place(std::size_t at) { return ring_.data()[at & (ring_.size() - 1)]; }
  [[nodiscard]] const Place& place(std::size_t at) const {
    return ring_.data()[at & (ring_.size() - 1)];
  }
  void grow() {
    std::vector<Place> larger(ring_.size() * 2);
    for (auto at = first_; at != end_; ++at) larger[at & (larger.size() - 1)] = place(at);
    ring_.swap(larger);
  }

  std::vector<Place> ring_ = std::vector<Place>(1024);  ///< a power of two
  std::size_t first_ = 0, end_ = 0;                     ///< ever counting on
  TimePoint due_ = TimePoint::max();
};

}  // namespace hopblame::offline
