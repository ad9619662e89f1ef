#pragma once
// Text from outside that must not reach a terminal as it is.

#include <string>
#include <string_view>

namespace hopblame {

/// Printable ASCII stays, every other byte becomes \xNN.
[[nodiscard]] std::string printable(std::string_view text);

/// A word that a shell takes as it is.
[[nodiscard]] std::string quoted_for_a_shell(const std::string& text);

}  // namespace hopblame
