#pragma once
// Faults of this very machine on the way in: an answer came back, and was dropped here.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// The capture holds an answer to the application's connect(), or words of the peer, that the stack
/// never got.
[[nodiscard]] std::optional<Finding> judge_delivery(const Case& the_case);

/// Rejections by ICMP reached this machine, and connect() went on waiting: a rule of its own
/// dropped them.
[[nodiscard]] std::optional<Explanation> undelivered_rejection(const Case& the_case);

/// The rejections that connect() got are about a packet that this machine never sent: it waits on.
[[nodiscard]] bool told_in_vain(const Case& the_case);

}  // namespace hopblame
