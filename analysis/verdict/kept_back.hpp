#pragma once
// Causes of silence that a router tells of, where its message may have been kept back: such
// messages are few a second.

#include "analysis/verdict/silence_facts.hpp"

namespace hopblame {

/// The last router finds no host. Where it says so of another connection from here, tried just
/// before, that is as likely as any other cause.
[[nodiscard]] std::optional<Explanation> host_down_unheard(const Case& the_case,
                                                           const SilenceFacts& facts);
[[nodiscard]] std::optional<Explanation> route_unheard(const Case& the_case,
                                                       const SilenceFacts& facts);

}  // namespace hopblame
