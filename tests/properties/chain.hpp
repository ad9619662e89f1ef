#pragma once
// Scenario texts of any length: n hops, the last of them the host, one box with a fault.

#include <cstdint>
#include <functional>
#include <string>

namespace hopblame::properties {

struct Chain {
  unsigned hops = 4;           ///< distance of the host
  double round_trip_ms = 1.0;  ///< shared out evenly over the links
  unsigned fault_hop = 0;      ///< the router with the fault; 0: none
  std::string fault;           ///< its options
  std::string after_fault;     ///< a line of its own behind that router (a bridge, an injector)
  std::string host = "open 22 banner \"SSH-2.0-x\\r\\n\"";
  std::string client;                              ///< options of the client
  std::function<std::string(unsigned)> on_router;  ///< more options by hop; may be empty
  std::string more;                                ///< more lines
};

[[nodiscard]] std::string text_of(const Chain& chain);

}  // namespace hopblame::properties
