#pragma once
// Half-made connections of many others fill the backlog of the listener: a SYN flood.

#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// Puts the full queue first in what an unanswered client's silence is found to be, where the
/// server repeats its SYN/ACK to several others in vain.
void blame_flood(Verdict& verdict, const std::vector<Attempt>& sample, const IpAddress& client);

}  // namespace hopblame::offline
