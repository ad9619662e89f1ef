#pragma once
// The next device, the gateway or the target on this very link, does not answer ARP or Neighbour
// Discovery.

#include "analysis/verdict/departures.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_neighbour(const Case& the_case,
                                                     const Departures& departures);

}  // namespace hopblame
