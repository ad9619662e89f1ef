#pragma once
// What became of the client's other connections to the port while SYNs of an attempt got lost: it
// tells what drops every packet from what drops new connections only, or those over a limit.

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

/// `met`: packets that were seen at both ends. `client`: whose SYNs got lost then.
[[nodiscard]] PortUse port_use(const std::vector<Journey>& met, const Window& loss,
                               const IpAddress& client, const Endpoint& target);

}  // namespace hopblame::compare
