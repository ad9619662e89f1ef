#pragma once
// A captured frame without the addresses it had: in the link, IP, ARP and neighbour headers and in
// ICMP quotes, with the checksums repaired. What is not understood is blanked, never passed on.

#include "capture/pcapng/recorder.hpp"
#include "capture/redact/scrambler.hpp"

namespace hopblame {

/// Lengths, numbers and flags stay; the comment goes.
void redact(StoredFrame& frame, const Scrambler& scrambler);

}  // namespace hopblame
