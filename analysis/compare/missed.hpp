#pragma once
// Captures miss packets: a buffer was full, a mirror dropped some. What the other packets of a
// connection tell of one that only one of the two captures shows.

#include <vector>

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

/// What its receiver acknowledges came to it, and what the server counts on from is its own; what
/// came to the server as the client's own packets
/// do may be the client's. Not so a RST after which the client goes on.
void note_missed(const CallPair& pair, std::vector<Journey>& journeys);

/// A client that did not ask, or asks no more, takes the number of its RST from the SYN/ACK that it
/// got (RFC 9293 section 3.10.7.3). One that gives up without an answer sends none.
[[nodiscard]] bool resets_syn_ack(const Call& client, const Observation& packet);

}  // namespace hopblame::compare
