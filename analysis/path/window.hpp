#pragma once
// A SYN/ACK without a window: who sent it takes no data yet. A SYN proxy opens the window when the
// host behind it has accepted too (Linux SYNPROXY, measured), with a segment of its own.

#include "analysis/model/exchange.hpp"

namespace hopblame {

/// The first segment of the peer's that takes data, or brings some.
[[nodiscard]] const Reply* opening_of_window(const Exchange& call);
/// The SYN/ACK had none, and no segment that opens it has come.
[[nodiscard]] bool is_window_shut(const Exchange& call);

}  // namespace hopblame
