#pragma once
// The two channels to the user: standard output holds the result and nothing else.

#include <string_view>

namespace hopblame {

/// One line to standard error, "hopblame: " before it; bytes a terminal acts on become \xNN.
void complain(std::string_view text);

/// All of it to standard output, at once. Returns the exit code for it: 0, or 4 when it was said
/// why that cannot be written to.
[[nodiscard]] int print(std::string_view text);

}  // namespace hopblame
