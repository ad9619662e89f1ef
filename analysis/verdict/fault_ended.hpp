#pragma once
// No SYN was answered at first, and every one from some moment on: the fault ended while we asked.

#include "analysis/verdict/case.hpp"
#include "analysis/verdict/tries.hpp"

namespace hopblame {

/// What the silence before that moment fits. A limit lets the first ones through, unless others had
/// used it up: `limit` is what it would be then.
[[nodiscard]] std::optional<Finding> judge_fault_ended(const Case& the_case,
                                                       const std::vector<Try>& tries,
                                                       const Explanation& limit);

/// Of a fault that ended with `change`: the SYNs before it, in vain, and the first answer.
[[nodiscard]] std::vector<FrameId> frames_around(const std::vector<Try>& tries,
                                                 std::vector<Try>::const_iterator change);

/// As if the run had ended at that moment, as far as what `concerns` it goes.
[[nodiscard]] std::vector<Exchange> asked_before(const Case& the_case, TimePoint change,
                                                 bool (*concerns)(const Exchange&));

/// Silence first, then an answer: whatever was at fault may have ended and begun again, where
/// limits and bans let the first ones through.
[[nodiscard]] std::optional<Evidence> told_by_interval(const Case& the_case,
                                                       const std::vector<Try>& tries);
[[nodiscard]] Text look_at_changes();
/// As good a guess as the first explanation, where that stands.
void add_filter(Finding& finding, Evidence why, Text settled_by);

}  // namespace hopblame
