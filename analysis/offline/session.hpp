#pragma once
// A connection that both ends keep up: its server was there all the time.

#include <optional>

#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

struct Session {
  IpAddress client;
  TimePoint from, until;
  FrameId frame;       ///< its first packet
  HopLimit hop_limit;  ///< of the server's packets
  [[nodiscard]] Duration length() const { return until - from; }
};

/// Absent: its server was not heard, or resets it, or one of both repeats itself in vain.
[[nodiscard]] std::optional<Session> session_of(const Trails& trails, const Trail& trail);

}  // namespace hopblame::offline
