#pragma once
// Which of the captured packets belong to this run. The kernel's filter lets every ICMP error to
// this machine through, because a quote may be rewritten on the way; one that quotes somebody
// else's conversation is nobody's business.

#include <span>

#include "analysis/model/exchange.hpp"
#include "analysis/model/observation.hpp"

namespace hopblame {

[[nodiscard]] bool is_ours(const Observation& observation, const IpAddress& target,
                           std::span<const Exchange> exchanges);

}  // namespace hopblame
