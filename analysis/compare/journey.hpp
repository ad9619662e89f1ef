#pragma once
// What became of each packet of one attempt between the two points.

#include <vector>

#include "analysis/compare/pairing.hpp"

namespace hopblame::compare {

/// Where nothing says how long a packet takes, no more than this (a round trip over a satellite).
inline constexpr Duration longest_delay = std::chrono::milliseconds(500);

/// A capture's own stamp is late by this much at times (interrupts, offload).
inline constexpr Duration stamp_error = std::chrono::milliseconds(1);

/// FIN, SYN, RST, ACK: the flags that nobody rewrites.
inline constexpr std::uint8_t told_apart = 0x17;

/// A stretch of time by the client's clock.
struct Window {
  TimePoint from, until;
  [[nodiscard]] bool holds(TimePoint at) const { return from <= at && at <= until; }
};

/// When a packet that one end saw cannot have escaped the other, with room for what the clocks
/// leave open and for the way itself. Absent: never.
struct Windows {
  std::optional<Window> server;  ///< watched what the client saw
  std::optional<Window> client;  ///< watched what the server saw
};
[[nodiscard]] Windows windows_of(const Side& client, const Side& server, const Clock& clock);

/// One capture as a witness that a packet is missing.
struct Watch {
  std::optional<Window> there, back;  ///< no packet of that way escaped it
  Sight what;                         ///< it shows at all
};
struct Watched {
  Watch server, client;
};

struct Journey {
  Journey() = default;
  Journey(Way goes, Fate came_to, const Observation* at_client, const Observation* at_server)
      : way(goes), fate(came_to), client(at_client), server(at_server) {}

  Way way = Way::there;
  Fate fate = Fate::unknown;
  bool taken = false;      ///< both ends had it, as other packets tell: one capture missed it
  bool of_client = false;  ///< as far as it tells it is the client's, whose capture missed it
  const Observation *client = nullptr, *server = nullptr;  ///< null: not seen there
  TimePoint at{};                                          ///< by the client's clock

  [[nodiscard]] const Observation& seen() const { return client ? *client : *server; }
};

/// Nobody looked when it was to be seen, or the capture shows no such packets.
[[nodiscard]] inline bool is_unwatched(const Journey& journey) {
  return (journey.fate == Fate::unknown || journey.fate == Fate::unshown) && !journey.taken;
}

[[nodiscard]] inline Met met_of(const Journey& journey) {
  return {journey.client->frame, journey.server->frame};
}

/// No packet arrives before it was sent, or half a second late while copies follow each other.
[[nodiscard]] bool arrives_in_time(Duration delay, const Clock& clock);

/// The server's later packets count on from this SYN/ACK of the client's capture: it is the
/// server's own, whose capture missed it. A RST that acknowledges nothing does too, for it takes
/// the number that it refuses.
[[nodiscard]] bool goes_on_from(const CallPair& pair, const Observation& syn_ack);

/// Packets of a pair that are the same beyond doubt; the rest is left out.
[[nodiscard]] std::vector<Journey> met(const CallPair& pair);

/// By the clocks, and by order: what is sent between two packets of its way that were seen at both
/// ends is sent while both captures run.
[[nodiscard]] Watched watched_by(const Windows& windows, const std::vector<Journey>& met,
                                 const Clock& clock);

/// All of them, in the order of the client's clock.
[[nodiscard]] std::vector<Journey> journeys_of(const CallPair& pair, const Clock& clock,
                                               const Watched& watched);

}  // namespace hopblame::compare
