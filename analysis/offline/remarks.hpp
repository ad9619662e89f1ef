#pragma once
// What limits a verdict on somebody else's capture, beside what limits any verdict.

#include "analysis/offline/exhibits.hpp"
#include "analysis/offline/inspect.hpp"

namespace hopblame::offline {

/// No stack that waits stops after one SYN: its program did, or an answer is not shown.
[[nodiscard]] bool asks_no_more(const Capture& capture, const Target& target,
                                const Exhibits& exhibits);

void remark(Verdict& verdict, const Capture& capture, const Target& target,
            const Exhibits& exhibits);

}  // namespace hopblame::offline
