#pragma once
// After the handshake: a RST that one end got and the other never sent.

#include <optional>

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

[[nodiscard]] std::optional<AttemptFinding> forged_reset(const Attempt& attempt,
                                                         const Telling& tell);

}  // namespace hopblame::compare
