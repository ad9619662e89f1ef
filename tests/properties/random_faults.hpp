#pragma once
// The faults a random network can have: one for each mechanism of the contract at least.

#include <vector>

#include "analysis/model/words.hpp"

namespace hopblame::properties {

enum class At { host, router, bridge, forwarder, client };

struct Fault {
  const char* name;
  At at;
  const char* box;   ///< options of the router or the client, or the line behind the router
  const char* host;  ///< options of the host
  std::vector<Mechanism> mechanisms;  ///< any of them names the truth
  unsigned room = 1;                  ///< hops between the router and the host, at least
  bool drops_all_back = false;        ///< every segment of the port, on its way to the client
};

[[nodiscard]] const std::vector<Fault>& random_faults();

/// The truth is told by ICMP messages only.
[[nodiscard]] bool is_told_by_icmp(const Fault& fault);

}  // namespace hopblame::properties
