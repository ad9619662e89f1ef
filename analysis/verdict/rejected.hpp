#pragma once
// An ICMP message answers the SYN: a rule, a routing table, or a neighbour that is gone.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// The message that decides, if one does: errors that a stack ignores (fragmentation needed, source
/// quench) are no answer. Where the port keeps silent, one to another probe of the host may be all
/// that its sender's allowance left.
struct Rejection {
  const Exchange* exchange = nullptr;
  const Reply* reply = nullptr;
};
[[nodiscard]] std::optional<Rejection> deciding_rejection(const Case& the_case);

[[nodiscard]] std::optional<Finding> judge_rejected(const Case& the_case);

}  // namespace hopblame
