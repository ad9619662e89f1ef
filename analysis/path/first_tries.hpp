#pragma once
// Devices against floods drop the first SYN of every connection and let its repetition pass: who
// floods from made-up addresses repeats nothing.

#include "analysis/path/port_flows.hpp"

namespace hopblame {

/// The first SYN of each flow was swallowed, and what followed on it was answered: of so many flows
/// that chance would hardly have it so, however much it loses. And not all of them before the first
/// answer, as where a fault ends.
[[nodiscard]] bool is_first_lost(const std::vector<PortFlow>& flows);
/// No flow's first SYN was answered, and of some flows a later one: what gets lost besides may hide
/// the rest. Not all before the first answer, either.
[[nodiscard]] bool may_lose_first(const std::vector<PortFlow>& flows);
/// Flows of which some SYN was answered.
[[nodiscard]] std::size_t answered_later(const std::vector<PortFlow>& flows);
/// First SYNs were swallowed and others answered by turns, as hardly anything does that comes and
/// goes with time.
[[nodiscard]] bool takes_turns(const std::vector<PortFlow>& flows);

}  // namespace hopblame
