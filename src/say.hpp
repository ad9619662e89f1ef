#pragma once
// The two channels to the user: standard output holds the result and nothing else.

#include <string>
#include <string_view>

namespace hopblame {

/// One line to standard error, "hopblame: " before it; bytes a terminal acts on become \xNN.
void complain(std::string_view text);

/// All of it to standard output, flushed. Returns an errno: EPIPE, ENOSPC, ...
[[nodiscard]] int write_out(std::string_view text);

/// "No such file or directory": strerror() without its locale.
[[nodiscard]] std::string error_text(int error);

}  // namespace hopblame
