#pragma once
// What the two ends of a connection do after the SYN/ACK.

#include "analysis/offline/attempt.hpp"

namespace hopblame {
struct Observation;
}

namespace hopblame::offline {

/// The handshake is complete, or was before the capture began.
[[nodiscard]] bool is_talking(const Attempt& attempt);

void client_continues(Attempt& attempt, const Observation& observation, const TcpSegment& segment);
void server_continues(Attempt& attempt, Reply reply, const TcpSegment& segment);

}  // namespace hopblame::offline
