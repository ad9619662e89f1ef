#pragma once
// What limits a verdict on somebody else's capture, beside what limits any verdict.

#include "analysis/offline/exhibits.hpp"
#include "analysis/offline/inspect.hpp"

namespace hopblame::offline {

void remark(Verdict& verdict, const Capture& capture, const Target& target,
            const Exhibits& exhibits);

}  // namespace hopblame::offline
