#pragma once
// A verdict in one line, as the tests state it:
//
//   refused: destination 4..4 certain: closed-port
//   dropped: between 3..4 strong: filter-drop / answer-lost 1..4
//
// Outcome, culprit, confidence, then the mechanisms of rank 1 and after "/" those of rank 2. A
// mechanism whose place is not the culprit's says its own; "?" is an end that nothing bounds.

#include <string>
#include <string_view>

#include "analysis/analyse.hpp"

namespace hopblame::trace {

[[nodiscard]] std::string in_one_line(const Verdict& verdict);
/// The caveats' words, in order, with a blank between them.
[[nodiscard]] std::string caveats_of(const Verdict& verdict);

/// Reads the trace and judges it.
[[nodiscard]] std::string verdict_of(std::string_view lines, Family family = Family::ipv4);
[[nodiscard]] std::string caveats_of(std::string_view lines, Family family = Family::ipv4);

}  // namespace hopblame::trace
