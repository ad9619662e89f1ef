#pragma once
// Clients at the same place: what the host answers to one shows how it answers another.

#include <span>

#include "analysis/offline/exhibits.hpp"
#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {

/// Where nothing else of the host was heard by the client itself, adds what others heard whose SYNs
/// have passed as many routers, and whose answers are handed over by the same machine.
void compare_with_neighbours(Exhibits& exhibits, const Book& book, const Target& target,
                             const std::vector<Attempt>& sample, std::span<const Arrival> arrivals);

}  // namespace hopblame::offline
