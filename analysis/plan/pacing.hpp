#pragma once
// Courtesy as a pure token bucket: when may the next packet go?

#include <span>

#include "analysis/model/time.hpp"

namespace hopblame {

struct Allowance {
  unsigned burst = 0;  ///< packets at once
  unsigned rate = 0;   ///< packets per second after that
};

/// The earliest moment, not before `now`, at which one more packet keeps the allowance, given the
/// times of those already sent (ascending). Time that passed unused refills the bucket, never
/// beyond the opening burst of a fresh start: a stop is not followed by a burst.
[[nodiscard]] TimePoint allowed_at(std::span<const TimePoint> sent, Allowance allowance,
                                   TimePoint now);

}  // namespace hopblame
