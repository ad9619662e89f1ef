#pragma once
// What happened once the SYN/ACK had reached the client.

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

[[nodiscard]] AttemptFinding after_handshake(const Attempt& attempt, const Telling& tell,
                                             const Journey& syn_ack);

/// The client left before the server had said anything.
[[nodiscard]] bool is_hasty(const Attempt& attempt);

/// A SYN/ACK came, whoever sent it: what the client saw then.
[[nodiscard]] Outcome lived_through(const Attempt& attempt);

}  // namespace hopblame::compare
