#include "tests/fuzz/skeleton.hpp"

#include <algorithm>

namespace hopblame::test {
namespace {

bool printable(char c) { return (c >= 0x20 && c < 0x7f) || c == '\n'; }

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '!';
}

std::size_t run_of(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of('`', at), text.size()) - at;
}

/// Behind the closing run of the code span whose opening run begins at `at`; npos: none.
std::size_t end_of_span(std::string_view text, std::size_t at) {
  const std::size_t fence = run_of(text, at);
  for (std::size_t i = at + fence; i < text.size() && text[i] != '\n';) {
    const std::size_t run = text[i] == '`' ? run_of(text, i) : 0;
    if (run == fence) return i + run;
    i += std::max<std::size_t>(run, 1);
  }
  return std::string_view::npos;
}

std::string line_skeleton(std::string_view line) {
  constexpr std::string_view active = "*_[]<>&#|~!@$:";
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == '`') {
      i = end_of_span(line, i);
      if (i == std::string_view::npos) return out + "!unclosed\n";
      out += '`';
    } else {
      if (line[i] == '\\')
        ++i;
      else if (active.find(line[i]) != std::string_view::npos)
        out += line[i];
      ++i;
    }
  }
  return out + '\n';
}

/// A line with backticks after the fence is a code span (CommonMark 0.31 section 4.5).
bool is_fence(std::string_view line) {
  const auto start = std::min(line.find_first_not_of(' '), line.size());
  const auto run = run_of(line, start);
  return run >= 3 && line.find('`', start + run) == std::string_view::npos;
}

}  // namespace

std::string html_skeleton(std::string_view page) {
  if (!std::ranges::all_of(page, printable)) return "!";
  std::string out;
  for (auto at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
    auto end = at + 1;
    while (end < page.size() && name_character(page[end])) ++end;
    out += page.substr(at, end - at);
  }
  return out;
}

std::string markdown_skeleton(std::string_view text) {
  if (!std::ranges::all_of(text, printable)) return "!";
  std::string out;
  bool block = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (is_fence(line)) block = !block;
    out += is_fence(line) ? "```\n" : block ? "-\n" : line_skeleton(line);
  }
  return out;
}

bool fit_for_terminal(std::string_view text, bool colour) {
  while (!text.empty()) {
    if (colour && text.starts_with("\x1b[")) {
      const auto end = text.find_first_not_of("0123456789;", 2);
      if (end == std::string_view::npos || text[end] != 'm') return false;
      text.remove_prefix(end);
    }
    if (!printable(text.front())) return false;
    text.remove_prefix(1);
  }
  return true;
}

}  // namespace hopblame::test
