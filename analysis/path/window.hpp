#pragma once
// A peer without a window takes no data. A SYN proxy's SYN/ACK has none; it opens the window when
// the host behind it has accepted too (Linux SYNPROXY, measured), with a segment of its own. A
// tarpit takes its few bytes back after the handshake, and opens nothing.

#include "analysis/model/exchange.hpp"

namespace hopblame {

/// No options and a window of a few bytes.
[[nodiscard]] bool is_made_up(const TcpSegment& syn_ack);
[[nodiscard]] bool shuts_window(const Reply& reply);
/// The first segment of the peer's that takes data, or brings some.
[[nodiscard]] const Reply* opening_of_window(const Exchange& call);
/// It announced a window of 0, and no segment that opens it has come since.
[[nodiscard]] bool is_window_shut(const Exchange& call);

}  // namespace hopblame
