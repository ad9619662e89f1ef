#pragma once
// connect() was answered, but not its first SYN: either the answer took its time, or the SYNs
// before it, or their answers, were lost. The stack counts its SYNs, and its measure of the round
// trip tells the two apart.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Nothing where the first SYN was answered in time.
[[nodiscard]] std::optional<Evidence> late_answer(const Case& the_case);

/// To a finding `open`: what else than chance makes SYNs go unanswered at first. Of two of them in
/// a row it makes the port `intermittent`.
void add_those_of_late_answer(const Case& the_case, Finding& finding);

}  // namespace hopblame
