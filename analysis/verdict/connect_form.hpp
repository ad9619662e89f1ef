#pragma once
// The SYN of the application's own connect(), beside ours: its options, and ECN.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// In options or ECN.
[[nodiscard]] bool connect_is_unlike_ours(const Case& the_case);

/// Its first SYN did, by ECE and CWR (RFC 3168 section 6.1.1); ours never do.
[[nodiscard]] bool connect_asks_for_ecn(const Case& the_case);

/// That SYN got no answer, and the one that followed without the two flags did (the fallback of
/// section 6.1.1.1). In a sentence, where it was so.
[[nodiscard]] std::optional<Evidence> ecn_goes_unanswered(const Case& the_case);

}  // namespace hopblame
