#pragma once
// A RST that acknowledges nothing, of the host's own stack: it may know of no connection because a
// device before it has forgotten the one that the client means.

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// Beside the rule of the host that has forgotten it, where `verdict` lists that.
[[nodiscard]] Verdict with_forgotten(Verdict verdict, const Attempt& attempt);

}  // namespace hopblame::offline
