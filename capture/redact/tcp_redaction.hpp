#pragma once
// A TCP segment in place: options that may hold anything become padding, and of what was said stays
// what a verdict looks at.

#include "capture/redact/room.hpp"

namespace hopblame {

/// `segment`: header and payload, as far as captured. Of a greeting the first words stay, names in
/// it not; of a client's words how a request begins. `quoted`: inside an ICMP error, no words stay.
void redact_tcp(Room segment, bool quoted, const Scrambler& scrambler);

}  // namespace hopblame
