#pragma once
// Where an answer was made. Two independent witnesses:
//
//   the boundary   A probe with hop limit k still draws time exceeded, one with f meets the answer.
//   The
//                  maker is hop k after its hop-limit check, or hop f before or without one, or
//                  between.
//   the way back   The received hop limit tells how many routers the answer passed; each hop's own
//   time
//                  exceeded, and the host's own answers, tell how many theirs passed.

#include <optional>
#include <vector>

#include "analysis/verdict/case.hpp"

namespace hopblame {

struct Place {
  std::uint8_t first = 1;             ///< by the boundary
  std::optional<std::uint8_t> last;   ///< absent: the walk never met the answer
  std::vector<std::uint8_t> fitting;  ///< hops in first..last that the way back allows
  bool walked = false;                ///< `last` was measured by a probe with a limited hop count
  bool steady = true;                 ///< the same received hop limit on every flow
  bool copied = false;                ///< on one flow it varies with that of our probes
  std::optional<int> lost_both_ways;  ///< if so: whatever the probe's was; see copied_limit.hpp
  unsigned samples = 0;               ///< different hop limits of probes that drew the answer
  /// The only fitting hop.
  [[nodiscard]] std::optional<std::uint8_t> exact() const;
};

/// How many routers a box at this distance has on its way back: measured where it spoke, else as on
/// the way there.
[[nodiscard]] std::uint8_t routers_back(const Case& the_case, std::uint8_t distance);

/// `ends`: which answers of the target's walk are meant, by kind.
[[nodiscard]] Place place_of(const Case& the_case, bool (*meant)(const Reply&));

/// Of what answers at the host's distance over fewer routers than the host: a box on hidden hops,
/// as far as its own way back tells.
[[nodiscard]] std::optional<std::uint8_t> last_hop_of(const Case& the_case, const Place& place,
                                                      HopLimit received);

[[nodiscard]] Where at_hop(const Case& the_case, CulpritKind kind, std::uint8_t hop);
/// Where the walks met it, or nearer where the answers from there may have been lost.
[[nodiscard]] Where at_destination(const Case& the_case, std::optional<std::uint8_t> distance);
/// All of the way to `last`, the host included; without an end, unknown.
[[nodiscard]] Where anywhere_up_to(const Case& the_case, std::optional<std::uint8_t> last);
/// One hop becomes a router, two or more become `between`; without an end, unknown.
[[nodiscard]] Where within(const Case& the_case, std::uint8_t first,
                           std::optional<std::uint8_t> last);

}  // namespace hopblame
