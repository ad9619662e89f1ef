#pragma once
// Hardware addresses that were asked for in vain: nothing can be sent to them, so there is no SYN.

#include <string>
#include <vector>

#include "analysis/offline/surroundings.hpp"

namespace hopblame::offline {

/// "192.0.2.10 asked 3 times ...", each as a sentence without its full stop. `by`: only what one of
/// these asked for; empty: anybody.
[[nodiscard]] std::vector<std::string> sought_in_vain(const Surroundings& around,
                                                      const std::set<IpAddress>& by = {});

}  // namespace hopblame::offline
