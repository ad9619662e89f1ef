#pragma once
// The words of a rule: HOOK [back] drop|reset|pf-reset|reject REASON, then what it matches:
// [tcp [PORT]|udp|icmp] [syn|new|invalid|stray|unestablished|synack|data] [after N] [over N/s].

#include <optional>

#include "tests/support/sim/scenario.hpp"
#include "tests/support/sim/words.hpp"

namespace hopblame::sim {

/// Reads a rule when the next word is a hook, else takes nothing.
[[nodiscard]] std::optional<Rule> take_rule(Words& words, Family family);

[[nodiscard]] Reason take_reason(Words& words);

}  // namespace hopblame::sim
