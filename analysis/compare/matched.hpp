#pragma once
// Two captures, and once for all targets what does not depend on which is asked for.

#include <map>
#include <set>

#include "analysis/compare/by_address.hpp"
#include "analysis/compare/clock.hpp"
#include "analysis/compare/finding.hpp"

namespace hopblame::compare {

/// The connections of one capture.
struct Sorted {
  Sorted(const Side& side, End end, std::uint64_t seed);

  Side side;
  std::vector<Call> calls;
  ByAddress packets;
  const Observation* cut = nullptr;  ///< the first ICMP error that is cut; null: none
  Torn torn;
};

class Matched {
 public:
  /// `seed`: of the hash; any number gives the same result.
  Matched(const Side& client, const Side& server, std::uint64_t seed = 0);
  Matched(const Matched&) = delete;  // what is in it points into it
  Matched& operator=(const Matched&) = delete;

  [[nodiscard]] std::vector<CallPair> pairs_to(const IpAddress& target) const;
  /// In order of their beginning.
  [[nodiscard]] std::span<const Call* const> of_flow_at_server(const Flow& flow) const;

  Sorted client, server;
  Pairing pairing;                      ///< by ports and numbers
  std::vector<SeenTwice> datagrams;     ///< that both captures have
  std::set<std::uint64_t> passed_on;    ///< frames of SYNs that go on from the server's capture
  bool is_passed_on_at_client = false;  ///< some call

 private:
  std::map<IpAddress, std::vector<std::uint32_t>> pairs_of_;  ///< by the address that is called
  std::vector<const Call*> by_flow_;                          ///< the server's calls
};

}  // namespace hopblame::compare
