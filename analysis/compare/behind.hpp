#pragma once
// A device answers the client in the server's name, and the server is asked besides.

#include <optional>

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

/// The SYN/ACK is not the server's, and the server does not take the connection: it refuses, or
/// keeps silent. Absent: it takes it, or is not asked.
[[nodiscard]] std::optional<AttemptFinding> not_taken_behind(const Attempt& attempt,
                                                             const Telling& tell,
                                                             const Journey& syn_ack);

}  // namespace hopblame::compare
