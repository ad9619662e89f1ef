#pragma once
// Compares a verdict with the truth, and says in one line what is wrong with it.

#include <string>

#include "analysis/model/verdict.hpp"
#include "tests/properties/matrix.hpp"
#include "tests/support/sim/session.hpp"

namespace hopblame::properties {

/// "" when the verdict is what the row of the matrix asks for.
[[nodiscard]] std::string compare(const Verdict& verdict, const Expected& expected);

[[nodiscard]] bool holds(const Where& where, unsigned hop);
[[nodiscard]] bool lists(const Verdict& verdict, Mechanism mechanism);
/// The worst result there is: sure of itself, and the true hop is not in the culprit's interval.
[[nodiscard]] bool certain_and_wrong(const Verdict& verdict, unsigned true_hop);

/// "dropped, between 2..3 (strong): filter-drop 2..3, answer-lost#2 1..4; caveats no-icmp".
[[nodiscard]] std::string in_short(const Verdict& verdict);

}  // namespace hopblame::properties
