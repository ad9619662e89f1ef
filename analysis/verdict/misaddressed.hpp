#pragma once
// Answers come in, and the frames that carry them are for another machine on this link: whoever
// sent them has a wrong hardware address for this one, whose stack takes no notice of them.

#include <optional>
#include <span>
#include <vector>

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// All of these answers to connect(), if there are any.
[[nodiscard]] bool are_for_another(const Case& the_case, std::span<const FrameId> answers);

/// Of answers that are: the neighbour that sent them is to blame.
[[nodiscard]] Explanation sent_to_another(const Case& the_case, std::vector<FrameId> answers,
                                          unsigned rank);

[[nodiscard]] std::optional<Finding> judge_misaddressed(const Case& the_case);

}  // namespace hopblame
