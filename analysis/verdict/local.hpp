#pragma once
// Faults of this very machine: it never left, or the answer came back and was dropped here.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// No route, interface down, a rule on the way out, a neighbour that does not answer ARP or ND.
[[nodiscard]] std::optional<Finding> judge_departure(const Case& the_case);

/// The capture holds an answer that the application's connect() never got.
[[nodiscard]] std::optional<Finding> judge_delivery(const Case& the_case);

/// Rejections by ICMP reached this machine, and connect() went on waiting: a rule of its own
/// dropped them.
[[nodiscard]] std::optional<Explanation> undelivered_rejection(const Case& the_case);

}  // namespace hopblame
