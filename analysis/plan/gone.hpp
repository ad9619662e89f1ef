#pragma once
// A neighbour that a router looked for in vain: what is sent to it after that waits for the next
// look, and keeps the router from answering whoever asks next.

#include "analysis/plan/planner.hpp"

namespace hopblame {

/// Three flows, to whichever port, waited for the neighbour and heard that it is not there; what
/// was answered otherwise died at a router on the way, or came while an earlier packet had it
/// looked for.
[[nodiscard]] bool is_gone_on_all_flows(const Situation& situation);

}  // namespace hopblame
