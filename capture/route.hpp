#pragma once
// What the routing table says about a target, asked by rtnetlink (rtnetlink(7), RTM_GETROUTE).

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "analysis/model/facts.hpp"
#include "capture/system.hpp"

namespace hopblame {

struct RouteQuestion {
  IpAddress target;
  std::optional<IpAddress> source;  ///< --source
  std::string interface;            ///< --interface, or the zone of a link-local target
};

/// A route that says no is an answer (`route_error`); an error is a question that cannot be asked:
/// a source that is not ours (EADDRNOTAVAIL), no such interface (ENODEV), no netlink socket, a
/// target that is many hosts, multicast or broadcast (EINVAL).
[[nodiscard]] std::variant<Vantage, SystemError> find_route(const RouteQuestion& question);

/// The request as it goes to the kernel, and the reading of its answer: names and states of
/// interfaces are not in it. `interface_index` is 0 where there is no route.
[[nodiscard]] std::vector<std::uint8_t> route_request(const RouteQuestion& question, int oif);
struct RouteAnswer {
  int error = 0;  ///< errno
  bool local = false;
  bool many = false;  ///< multicast or broadcast
  int interface_index = 0;
  std::optional<IpAddress> source, gateway;
  bool operator==(const RouteAnswer&) const = default;
};
[[nodiscard]] RouteAnswer read_route(std::span<const std::uint8_t> message);

}  // namespace hopblame
