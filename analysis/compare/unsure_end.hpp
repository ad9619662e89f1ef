#pragma once
// A connection that was made and of which nothing seems wrong, but one capture must have missed how
// it ended, or whether the client had it at all.

#include <optional>

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

[[nodiscard]] std::optional<AttemptFinding> unsure_end(const Attempt& attempt, const Telling& tell,
                                                       const Journey& syn_ack);

}  // namespace hopblame::compare
