#pragma once
// The SYNs to a port, try by try, whatever their flow.

#include <vector>

#include "analysis/verdict/case.hpp"

namespace hopblame {

enum class TryResult : std::uint8_t { accepted, reset, other, silent };

struct Try {
  TimePoint at;
  TryResult result = TryResult::silent;
  const Exchange* exchange = nullptr;
};

[[nodiscard]] inline bool is_answered(const Try& one) { return one.result != TryResult::silent; }

/// Of one aim, of full length, the kernel's own included, in order of time. Of a SYN that connect()
/// repeated, those tries went unanswered that have no answer of their own.
[[nodiscard]] std::vector<Try> tries_of(const Case& the_case, Aim aim);

struct Tally {
  unsigned asked = 0, accepted = 0, reset = 0, silent = 0;
};

/// The same, counted.
[[nodiscard]] Tally tally_of(const Case& the_case, Aim aim);

}  // namespace hopblame
