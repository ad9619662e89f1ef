#pragma once
// Which attempt at the server is which of the client's, whatever a NAT or a firewall rewrote.

#include <vector>

#include "analysis/compare/call.hpp"
#include "analysis/compare/comparison.hpp"

namespace hopblame::compare {

/// An attempt at both ends, and by how much its numbers differ.
struct CallPair {
  const Call* client = nullptr;
  const Call* server = nullptr;  ///< null: not there
  std::uint32_t there = 0;       ///< added to the client's sequence numbers on the way
  std::uint32_t back = 0;        ///< added to the server's
};

struct Pairing {
  std::vector<CallPair> pairs;     ///< every call of the client
  std::vector<const Call*> extra;  ///< calls at the server that nobody at the client made
};

/// By ports and numbers.
[[nodiscard]] Pairing pair_calls(const std::vector<Call>& client, const std::vector<Call>& server);

/// What is left over, where ports and numbers were all rewritten: by what else most devices leave
/// alone, and by the time. Absent: there is nothing of the kind.
[[nodiscard]] std::optional<Pairing> pair_rewritten(const Pairing& pairing, const Clock& clock);

}  // namespace hopblame::compare
