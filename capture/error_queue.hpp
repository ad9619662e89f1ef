#pragma once
// Who sent the ICMP message that ended a connect(): the kernel keeps it for a socket that asks,
// without any privilege (ip(7) IP_RECVERR; for TCP since Linux 5.8, net/ipv4/tcp_ipv4.c).

#include <optional>

#include "analysis/model/facts.hpp"

namespace hopblame {

/// Before connect(). Returns an errno.
[[nodiscard]] int ask_for_icmp(int fd, Family family);

/// The next ICMP message in the queue; local errors are passed over. Nothing: there is none.
[[nodiscard]] std::optional<QueuedIcmp> queued_icmp(int fd);

}  // namespace hopblame
