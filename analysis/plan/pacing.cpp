#include "analysis/plan/pacing.hpp"

#include <algorithm>

namespace hopblame {

// The bucket as a virtual queue (GCRA): each packet pushes its end by one interval; a packet may go
// while the queue is no longer than the burst.
TimePoint allowed_at(std::span<const TimePoint> sent, Allowance allowance, TimePoint now) {
  const Duration interval = std::chrono::seconds(1) / std::max(1u, allowance.rate);
  TimePoint queue_end{};
  for (const auto at : sent) queue_end = std::max(queue_end, at) + interval;
  return std::max(now, queue_end - interval * (std::max(1u, allowance.burst) - 1));
}

}  // namespace hopblame
