#pragma once
// A host that is heard while a SYN waits, but not with what a SYN asks for.

#include <optional>

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// Of attempts that were dropped although something came: the acknowledgment of an older connection
/// (RFC 9293 section 3.10.7.4), a FIN without a SYN/ACK, an answer with another sender. Without
/// caveats.
[[nodiscard]] std::optional<Verdict> misanswered(const std::vector<Attempt>& sample);

}  // namespace hopblame::offline
