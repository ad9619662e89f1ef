#pragma once
// A SYN/ACK that comes when the client has given up connecting: its stack, which knows nothing of
// it any more, answers with a RST (RFC 9293 section 3.10.7.1).

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

[[nodiscard]] bool gave_up_connecting(const Attempt& attempt);

/// Why it came so late.
[[nodiscard]] std::optional<AttemptFinding> answered_late(const Attempt& attempt,
                                                          const Telling& tell,
                                                          const Journey& syn_ack);

}  // namespace hopblame::compare
