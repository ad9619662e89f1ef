#pragma once
// What happened to one attempt, and where it is told.

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

/// What a capture shows of packets that were cut in IP fragments.
struct Torn {
  std::span<const FrameId> heads{};  ///< first ones of which others are not there, in order
  bool shows_others = false;         ///< some later fragment, of whatever: no filter hides them
};

struct Attempt {
  const CallPair& pair;
  const std::vector<Journey>& journeys;
  TimePoint client_horizon;              ///< by the client's clock
  TimePoint server_horizon;              ///< the same clock
  OneWay from_server;                    ///< what its own capture shows, whoever it is for
  OneWay to_client;                      ///< what the client\'s shows of the server
  std::optional<HopLimit> server_limit;  ///< with which its own packets reach the client
  bool cut_answers = false;  ///< ICMP in the client's capture is too short to tell what it answers
  bool unsure = false;       ///< another attempt at the server may be this one, rewritten
  bool speaks_of_another = false;  ///< the server goes on with an older connection of this flow
  Torn at_client{}, at_server{};
  bool shows_client = true;  ///< the client's capture shows more than SYNs of those that connect
};

/// The finding is that the server itself did it, or did nothing.
[[nodiscard]] bool says_the_server_did(const AttemptFinding& finding);

/// Absent for a step of a walk: a SYN that was meant to die on the way, and did.
[[nodiscard]] std::optional<AttemptFinding> finding_of(const Attempt& attempt);

}  // namespace hopblame::compare
