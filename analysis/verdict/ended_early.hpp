#pragma once
// The connection was made, then the peer, or something in its name, ended it before the service had
// said what it ought to say.

#include "analysis/verdict/accepted_case.hpp"

namespace hopblame {

/// The RST that ended the real connection, if the capture saw it.
[[nodiscard]] const Reply* ending_reset(const Case& the_case);

/// After our own words.
[[nodiscard]] bool had_spoken(const Case& the_case);
/// How, how soon, and after which words it ended.
[[nodiscard]] Evidence end_of_it(const Case& the_case);

/// Does this text turn a client away?
[[nodiscard]] bool is_refusal(const Case& the_case, std::string_view greeting);

/// The connection was accepted by one box and reset by another: the ways back differ.
[[nodiscard]] std::optional<Finding> reset_by_another(const Case& the_case,
                                                      const Accepted& accepted);
/// Ended in the destination's name, as far as the way back tells.
[[nodiscard]] Finding ended_early(const Case& the_case, const Accepted& accepted);

}  // namespace hopblame
