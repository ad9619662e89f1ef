#pragma once
// Echo requests to a host that answers some of them: how many get lost, and when.

#include <algorithm>

#include "analysis/model/address.hpp"
#include "analysis/model/time.hpp"

namespace hopblame::offline {

/// Those of one client.
struct Pings {
  IpAddress client;  ///< the first whose request was answered
  std::uint32_t asked = 0, lost = 0;
  TimePoint first_lost, last_lost;

  void add(TimePoint at, bool answered) {
    ++asked;
    if (answered) return;
    first_lost = lost == 0 ? at : std::min(first_lost, at);
    last_lost = lost == 0 ? at : std::max(last_lost, at);
    ++lost;
  }
};

}  // namespace hopblame::offline
