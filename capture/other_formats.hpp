#pragma once
// Files that people take for a capture, or that hold one in a form that is not read.

#include <string>
#include <string_view>

namespace hopblame {

/// `start`: its first bytes. What it is, and the command that makes a capture of it; empty:
/// unknown.
[[nodiscard]] std::string known_as(std::string_view name, std::string_view start);

}  // namespace hopblame
