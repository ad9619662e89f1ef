#pragma once
// A token bucket in virtual time: the limit on ICMP errors of a Linux box (net/ipv4/inetpeer.c), of
// a rule with `limit rate`, of the tightest router.

#include <algorithm>
#include <limits>

#include "analysis/model/time.hpp"

namespace hopblame::sim {

class Bucket {
 public:
  Bucket(double burst, double per_second, double left = std::numeric_limits<double>::infinity())
      : burst_(burst), rate_(per_second), tokens_(std::min(burst, left)) {}

  /// True when one more may pass at `now`. Who takes may not let more than `most` add up.
  bool take(TimePoint now, double most = std::numeric_limits<double>::infinity()) {
    if (last_ != TimePoint{}) tokens_ = std::min(burst_, tokens_ + rate_ * seconds(now - last_));
    tokens_ = std::min(tokens_, most);
    last_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double burst_, rate_, tokens_;
  TimePoint last_{};
};

}  // namespace hopblame::sim
