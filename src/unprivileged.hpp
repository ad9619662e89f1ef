#pragma once
// A run for somebody who may not open raw sockets: connect() to the port and to the control port,
// and what the kernel's error queue says of them. No packet is made, sent or seen by this program.

#include "src/live_probe.hpp"

namespace hopblame {

/// A run with `connect_only` and without packets. An error: no socket, or the process could not be
/// confined.
[[nodiscard]] std::variant<Recorded, SystemError> probe_unprivileged(const LiveRequest& request);

/// connect() found no source port. That is nothing of the network: whatever asks from here gets it.
[[nodiscard]] SystemError no_port_left(const Endpoint& target);

/// Until when something may still happen to that connect() which changes what is said of it.
[[nodiscard]] TimePoint worth_waiting(const ConnectRecord& record, std::uint16_t port,
                                      Duration patience);

}  // namespace hopblame
