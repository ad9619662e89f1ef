#include "analysis/offline/sought.hpp"

#include <fmt/format.h>

namespace hopblame::offline {

std::vector<std::string> sought_in_vain(const Surroundings& around, const std::set<IpAddress>& by) {
  constexpr unsigned often = 2;  // one answer may be lost
  std::vector<std::string> found;
  for (const auto& [address, sought] : around.sought()) {
    if (sought.answered || sought.times < often) continue;
    if (!by.empty() && !by.contains(sought.by)) continue;
    found.push_back(fmt::format(
        "{} asked {} times for the hardware address of {} ({}) and no answer is in the capture: if "
        "that was made on {}, it can send nothing to that address, and nothing beyond it if it is "
        "its gateway (local-neighbour)",
        to_string(sought.by), sought.times, to_string(address),
        address.family == Family::ipv4 ? "ARP" : "neighbour solicitation", to_string(sought.by)));
  }
  return found;
}

}  // namespace hopblame::offline
