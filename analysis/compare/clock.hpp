#pragma once
// How far the two clocks are apart.

#include <vector>

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

/// Of packets that were seen at both ends. Its uncertainty holds as long as the client's capture
/// ran.
[[nodiscard]] Clock clock_of(const std::vector<Journey>& met, TimePoint started, TimePoint horizon);

/// A datagram as each of the captures shows it.
struct SeenTwice {
  const Observation *client, *server;
};

/// Pings and datagrams that both captures have.
[[nodiscard]] std::vector<SeenTwice> same_datagrams(const Side& client, const Side& server);

/// Those between a client and this address; a NAT may have changed the client's.
[[nodiscard]] std::vector<Journey> met_datagrams(const std::vector<SeenTwice>& datagrams,
                                                 const IpAddress& target);

}  // namespace hopblame::compare
