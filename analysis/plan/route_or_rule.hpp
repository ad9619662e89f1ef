#pragma once
// A router's table of routes and a rule on it send the same messages.

#include "analysis/plan/state.hpp"

namespace hopblame {

/// Does it matter whether a SYN with a bad checksum is rejected too? Only where a routing table and
/// a rule send the same code, and the sender has not shown already that it is a rule: a table
/// speaks before the hop limit is looked at, so probes that die at such a router get no time
/// exceeded. The host itself does not route.
[[nodiscard]] bool is_routing_in_question(const Situation& situation, const State& state);

/// A router said once that it has no way, and nothing since: neither of the SYN with a wrong
/// checksum, which tells the one from the other, nor of what came after that. So soon it was no
/// neighbour that it looked for.
[[nodiscard]] bool is_said_once(const Situation& situation, const State& state);

/// Who rejects may be placed without the time exceeded that its spent allowance keeps back: then
/// only the tries that can be answered as soon as a rejection is to be told; else `usual`.
[[nodiscard]] unsigned tries_at_rejecter(const Situation& situation, const State& state,
                                         unsigned usual);

}  // namespace hopblame
