#pragma once
// SYN/ACKs that one of the two captures missed.

#include "analysis/compare/asked.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

/// One that only the server's capture shows. Null: none.
[[nodiscard]] const Journey* unheard_syn_ack(const Asked& asked);

/// The same, where the client had acknowledged it before the first answer that its capture shows.
[[nodiscard]] const Journey* accepted_before(const Attempt& attempt, const Asked& asked,
                                             const Journey& first);

/// The server's capture lacks it, and may only have missed it. Absent: somebody else made it.
[[nodiscard]] std::optional<AttemptFinding> missed_syn_ack(const Attempt& attempt,
                                                           const Asked& asked, const Telling& tell,
                                                           const Journey& answer);

}  // namespace hopblame::compare
