#pragma once
// Packets that look like the answers we wait for but do not carry our numbers. No stack believes
// them and neither do we: they may be forged. But where each SYN draws one, and all of them are
// alike, something on the way may send them, or change the numbers.

#include "analysis/verdict/silence_facts.hpp"

namespace hopblame {

struct WrongNumbers {
  const Reply* first = nullptr;
  std::vector<FrameId> packets;
};

/// Of the SYNs to the port. Absent where they are few, differ from each other, or are more than
/// SYNs were sent: so it is where somebody only guesses.
[[nodiscard]] std::optional<WrongNumbers> wrong_numbers(const Case& the_case);

/// What they would show beside the silence, if they were true; nothing is sure then.
void add_wrong_numbers(const Case& the_case, const SilenceFacts& facts, Finding& finding);

}  // namespace hopblame
