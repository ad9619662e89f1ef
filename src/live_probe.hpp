#pragma once
// A live run from a route to a Run: open, drop privileges, probe, add names and other addresses.

#include <string>
#include <variant>
#include <vector>

#include "capture/route.hpp"
#include "capture/system.hpp"
#include "src/live_session.hpp"

namespace hopblame {

struct LiveRequest {
  Goal goal;
  RouteQuestion asked;  ///< that gave the vantage
  Vantage vantage;
  Outlet outlet;
  std::vector<IpAddress> other_addresses;  ///< of the same name
  std::string writes_to;                   ///< a folder that must stay writable; empty: none
};

/// The whole run: the packets, what they were made from, and the names of who answered. EPERM or
/// EACCES without CAP_NET_RAW; else what the kernel refuses. This process has no privilege after
/// it.
[[nodiscard]] std::variant<Recorded, SystemError> probe_live(const LiveRequest& request);

}  // namespace hopblame
