#include "capture/printable.hpp"

#include <fmt/format.h>

namespace hopblame {
namespace {

bool safe_in_a_shell(char c) {
  return std::string_view("/._-+").find(c) != std::string_view::npos || (c >= '0' && c <= '9') ||
         (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7f)
      out += c;
    else
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string quoted_for_a_shell(const std::string& text) {
  std::string quoted;
  bool plain = !text.empty();
  for (const char c : text) {
    plain = plain && safe_in_a_shell(c);
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return plain ? text : "'" + quoted + "'";
}

}  // namespace hopblame
