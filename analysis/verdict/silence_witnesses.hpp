#pragma once
// What silence shows, each in one sentence with the packets that show it.

#include "analysis/verdict/silence_facts.hpp"

namespace hopblame {

[[nodiscard]] Evidence silence(const Case& the_case, const SilenceFacts& facts);
/// The silence, how far the SYN gets, and how far the same SYN to another port does.
[[nodiscard]] std::vector<Evidence> about_the_silence(const Case& the_case,
                                                      const SilenceFacts& facts);
[[nodiscard]] std::optional<Evidence> host_alive(const Case& the_case, const SilenceFacts& facts);
[[nodiscard]] Evidence ack_passes(const Case& the_case, const SilenceFacts& facts);
/// Beyond a hop nothing answers any probe.
[[nodiscard]] std::vector<Evidence> nothing_beyond(const Case& the_case, const SilenceFacts& facts);

}  // namespace hopblame
