#pragma once
// Text from outside that must not reach a terminal as it is.

#include <string>
#include <string_view>

namespace hopblame {

/// Printable ASCII stays, every other byte becomes \xNN.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace hopblame
