#pragma once
// A handshake whose last step does not arrive: for the client the connection is made, the server
// waits and repeats its SYN/ACK (RFC 9293 section 3.10.7.4).

#include "analysis/compare/select.hpp"

namespace hopblame::compare {

/// The client got the SYN/ACK once more, later than one that had crossed its acknowledgment.
[[nodiscard]] bool repeats_syn_ack(const Journeys& journeys);

/// Then what the server's capture does not show of the client is not hidden by a filter: had it
/// arrived, the server would have gone on.
void prove_lost(Journeys& journeys);

}  // namespace hopblame::compare
