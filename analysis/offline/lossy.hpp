#pragma once
// Connections that fail while pings to the same host get lost at the same rate: chance strikes all.

#include "analysis/offline/attempt.hpp"
#include "analysis/offline/pings.hpp"

namespace hopblame::offline {

/// Puts random loss before all else that `verdict` lists, where the pings of the same time have it
/// so.
void blame_loss(Verdict& verdict, const std::vector<Attempt>& sample, const IpAddress& client,
                const Pings& pings);

}  // namespace hopblame::offline
