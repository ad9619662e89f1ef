#pragma once
// Matchers for a verdict's line, so that a failing test shows the whole line.

#include <string>

#include "tests/support/catch.hpp"

namespace hopblame::trace {

inline auto begins_with(const std::string& text) { return Catch::Matchers::StartsWith(text); }
inline auto ends_with(const std::string& text) { return Catch::Matchers::EndsWith(text); }
inline auto mentions(const std::string& text) {
  return Catch::Matchers::Matches(".*" + text + ".*");
}
inline auto is_not_certain() { return Catch::Matchers::Matches("[^:]*:.* (weak|strong):.*"); }

}  // namespace hopblame::trace
