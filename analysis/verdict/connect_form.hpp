#pragma once
// The SYN of the application's own connect(), beside ours: its options, and ECN.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// In which options there are, or in ECN. What they say differs nearly always: the window scale
/// goes by the memory of this machine.
[[nodiscard]] bool connect_is_unlike_ours(const Case& the_case);

/// What its MSS is and what ours is, where they differ: a route here may set it.
struct TwoMss {
  std::uint16_t of_connect = 0, ours = 0;
};
[[nodiscard]] std::optional<TwoMss> mss_unlike_ours(const Case& the_case);

/// Its first SYN did, by ECE and CWR (RFC 3168 section 6.1.1); ours never do.
[[nodiscard]] bool connect_asks_for_ecn(const Case& the_case);

/// That SYN got no answer, and the one that followed without the two flags did (the fallback of
/// section 6.1.1.1). In a sentence, where it was so.
[[nodiscard]] std::optional<Evidence> ecn_goes_unanswered(const Case& the_case);

}  // namespace hopblame
