#pragma once
// Courtesy as a pure token bucket: when may the next packet go?

#include <span>

#include "analysis/model/time.hpp"

namespace hopblame {

struct Allowance {
  unsigned opening = 0;  ///< packets at once at the start of a run
  unsigned burst = 0;    ///< packets at once ever after: a stop is not followed by a second opening
  unsigned rate = 0;     ///< packets per second
};

/// The earliest moment, not before `now`, at which one more packet keeps the allowance, given the
/// times of those already sent (ascending).
[[nodiscard]] TimePoint allowed_at(std::span<const TimePoint> sent, Allowance allowance,
                                   TimePoint now);

}  // namespace hopblame
