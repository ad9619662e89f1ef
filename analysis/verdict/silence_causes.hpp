#pragma once
// The mechanisms that leave a SYN without an answer, as explanations.

#include "analysis/verdict/silence_facts.hpp"

namespace hopblame {

[[nodiscard]] Explanation filter_drop(const Case& the_case, const SilenceFacts& facts);
/// The same at a hop that nobody counts: where the host's way back is longer than the way there, it
/// may be that something there gives packets a new hop limit and hides as many hops. Rarer than two
/// ways of different length.
[[nodiscard]] std::optional<Explanation> drop_at_hidden_hop(const Case& the_case,
                                                            const SilenceFacts& facts);
[[nodiscard]] Explanation answer_lost(const Case& the_case, const SilenceFacts& facts,
                                      unsigned rank);
[[nodiscard]] Explanation syn_filter(const Case& the_case, const SilenceFacts& facts);
[[nodiscard]] Explanation queue_full(const Case& the_case, const SilenceFacts& facts);
[[nodiscard]] Explanation host_silent(const Case& the_case, const SilenceFacts& facts);
/// The host to which the address passes the port on is silent.
[[nodiscard]] Explanation silent_behind(const Case& the_case, const SilenceFacts& facts);
/// The last router's word that it finds no host may have been lost.
[[nodiscard]] std::optional<Explanation> host_down_unheard(const Case& the_case,
                                                           const SilenceFacts& facts);
[[nodiscard]] Explanation blackhole(const Case& the_case, const SilenceFacts& facts);

}  // namespace hopblame
