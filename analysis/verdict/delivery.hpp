#pragma once
// Faults of this very machine on the way in: an answer came back, and was dropped here.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// A stack takes microseconds to hand an answer over, or to react to it; the run waits longer than
/// this on purpose.
inline constexpr Duration handing_over = std::chrono::milliseconds(200);

/// The capture holds an answer to the application's connect(), or words of the peer, that the stack
/// never got.
[[nodiscard]] std::optional<Finding> judge_delivery(const Case& the_case);

/// Rejections by ICMP reached this machine, and connect() went on waiting: a rule of its own
/// dropped them.
[[nodiscard]] std::optional<Explanation> undelivered_rejection(const Case& the_case);

/// The rejections that connect() got are about a packet that this machine never sent: it waits on.
[[nodiscard]] bool told_in_vain(const Case& the_case);

}  // namespace hopblame
