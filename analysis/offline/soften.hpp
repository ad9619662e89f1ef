#pragma once
// The judges were made for runs that walk the path and ask the host itself. Where a capture holds
// no such packets, what they conclude is taken back to what its packets allow.

#include "analysis/model/verdict.hpp"
#include "analysis/offline/exhibits.hpp"

namespace hopblame::offline {

void soften(Verdict& verdict, const Exhibits& exhibits);

/// Something else of the host was heard: its own answers, to compare with.
[[nodiscard]] bool knows_host(const Exhibits& exhibits);

}  // namespace hopblame::offline
