#pragma once
// Virtual time: what happens when, in order. Two things at one moment happen in the order in which
// they were planned, so a run is the same every time.

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "analysis/model/time.hpp"

namespace hopblame::sim {

class Agenda {
 public:
  explicit Agenda(TimePoint start) : now_(start) {}

  [[nodiscard]] TimePoint now() const { return now_; }

  void at(TimePoint when, std::function<void()> what) {
    plan_.emplace(std::max(when, now_), std::move(what));
  }
  void after(Duration span, std::function<void()> what) { at(now_ + span, std::move(what)); }

  /// Does the next thing that is due by `limit`; false when there is none, and then it is `limit`.
  bool step(TimePoint limit) {
    if (plan_.empty() || plan_.begin()->first > limit) {
      now_ = std::max(now_, limit);
      return false;
    }
    auto next = plan_.extract(plan_.begin());
    now_ = next.key();
    next.mapped()();
    return true;
  }

 private:
  TimePoint now_;
  std::multimap<TimePoint, std::function<void()>> plan_;
};

}  // namespace hopblame::sim
