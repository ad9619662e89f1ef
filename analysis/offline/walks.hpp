#pragma once
// Walks with pings or datagrams: they ask no TCP port, but show the path to a host.

#include <map>
#include <string>
#include <vector>

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

struct PathWalk {
  IpAddress from, to;
  ProbeKind kind = ProbeKind::echo;        ///< or udp
  std::map<std::uint8_t, IpAddress> hops;  ///< who sent time exceeded
  std::optional<std::uint8_t> end;         ///< with so many hops the host itself answers
};

/// Of each host the first one's who walked to it.
[[nodiscard]] std::vector<PathWalk> walks_in(const Book& book);

/// "192.0.2.10 walked to 203.0.113.10 with pings: hop 1 is 192.0.2.1, ..."
[[nodiscard]] std::string to_string(const PathWalk& walk);

}  // namespace hopblame::offline
