#pragma once
// A service that takes the connection and says in words that it does not let the client in: it is
// full, bans it, or has another reason.

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

/// Its first words, where they are that and reached the client. Null: they are not.
[[nodiscard]] const Observation* refusal_in_words(const CallPair& pair);

[[nodiscard]] std::optional<AttemptFinding> turned_away(const Attempt& attempt,
                                                        const Telling& tell);

}  // namespace hopblame::compare
