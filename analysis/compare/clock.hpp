#pragma once
// How far the two clocks are apart.

#include <vector>

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

/// Of packets that were seen at both ends. Its uncertainty holds as long as the client's capture
/// ran.
[[nodiscard]] Clock clock_of(const std::vector<Journey>& met, TimePoint started, TimePoint horizon);

/// Pings and datagrams between a client and this address that were seen at both ends; a NAT may
/// have changed the client's.
[[nodiscard]] std::vector<Journey> met_datagrams(const Side& client, const Side& server,
                                                 const IpAddress& target);

}  // namespace hopblame::compare
