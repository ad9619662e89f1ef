#pragma once
// What became of the client's other packets while those of an attempt got lost on the way there.

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

/// `of_target`: the client's packets to and from it. `met`: packets that were seen at both ends.
/// `attempt`: the packets of the attempt. `watched`: when the server's capture shows what the
/// client sends; absent: never.
[[nodiscard]] Meanwhile meanwhile(std::span<const Journey> attempt, const std::vector<Journey>& met,
                                  const Packets& of_target, const Endpoint& target,
                                  const std::optional<Window>& watched);

}  // namespace hopblame::compare
