#pragma once
// The next device, the gateway or the target on this very link, does not answer ARP or Neighbour
// Discovery.

#include "analysis/verdict/departures.hpp"

namespace hopblame {

/// Nothing at all came back by the tunnel, PPP or modem link that packets leave by.
[[nodiscard]] bool is_link_unheard(const Case& the_case);

/// Where nobody at all answered, nor the gateway when it was asked for: it may not be there.
[[nodiscard]] std::optional<Explanation> neighbour_unheard(const Case& the_case);

[[nodiscard]] std::optional<Finding> judge_neighbour(const Case& the_case,
                                                     const Departures& departures);

}  // namespace hopblame
