#pragma once
// A neighbour that a router looked for in vain: what is sent to it after that waits for the next
// look, and keeps the router from answering whoever asks next.

#include "analysis/plan/planner.hpp"

namespace hopblame {

/// Flow after flow, the other port's and connect()'s among them, waited for the neighbour and heard
/// that it is not there; nobody got through.
[[nodiscard]] bool is_gone_on_all_flows(const Situation& situation);

}  // namespace hopblame
