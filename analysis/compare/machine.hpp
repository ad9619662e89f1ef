#pragma once
// Behind one address may be several machines: a port forwarding sends each port to another.

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

/// Of the packets that were seen at both ends those of the machine to which this port leads; all,
/// where none of its packets shows which that is. `pairs`: of the target's address.
[[nodiscard]] std::vector<Journey> of_machine(const std::vector<Journey>& met,
                                              const std::vector<CallPair>& pairs,
                                              const Endpoint& target);

/// Other ports of the address lead to the captured machine, under another address, and nothing
/// shows that this one does.
[[nodiscard]] bool may_lead_elsewhere(const std::vector<CallPair>& pairs, const Endpoint& target);

}  // namespace hopblame::compare
