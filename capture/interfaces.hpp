#pragma once
// The state of this machine's interfaces.

#include "analysis/model/facts.hpp"

namespace hopblame {

/// Fills interface_up, mtu, point_to_point, down_interfaces and elsewhere for the interface already
/// named in `vantage`.
void add_interface_facts(Vantage& vantage);

/// In the network of one of its addresses, or its other end where it is a point-to-point link.
[[nodiscard]] bool is_in_network_of(const std::string& interface, const IpAddress& target);

/// More of its addresses of that family for other machines, of networks that `used` is not in.
[[nodiscard]] std::vector<IpAddress> other_sources_on(const std::string& interface,
                                                      const IpAddress& used);

/// False once an interface has been deleted.
[[nodiscard]] bool interface_exists(const std::string& name);

}  // namespace hopblame
