#include "src/report/wrap.hpp"

#include <algorithm>

namespace hopblame {
namespace {

std::vector<std::string_view> words_of(std::string_view text, bool respect_quotes) {
  std::vector<std::string_view> words;
  std::size_t start = 0;
  char quote = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (respect_quotes && i < text.size() && (c == '\'' || c == '"') && (quote == 0 || quote == c))
      quote = quote == 0 ? c : char{0};
    if (i < text.size() && (c != ' ' || quote != 0)) continue;
    if (i > start) words.push_back(text.substr(start, i - start));
    start = i + 1;
  }
  return words;
}

/// Cuts off what does not fit on a line of its own.
std::string_view cut_long_word(std::string_view word, std::size_t width,
                               std::vector<std::string>& lines, std::string& line) {
  if (word.size() > width && !line.empty()) {
    lines.push_back(line);
    line.clear();
  }
  for (; word.size() > width; word.remove_prefix(width)) lines.emplace_back(word.substr(0, width));
  return word;
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  width = std::max<std::size_t>(width, 8);
  std::vector<std::string> lines;
  std::string line;
  for (auto word : words_of(text, false)) {
    word = cut_long_word(word, width, lines, line);
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      lines.push_back(line);
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

std::string paragraph(std::string_view first, std::string_view text, std::size_t width) {
  std::string out;
  std::string indent(first);
  for (const auto& line : wrap(text, width > first.size() ? width - first.size() : 0)) {
    out += indent + line + "\n";
    indent.assign(first.size(), ' ');
  }
  return out;
}

std::vector<std::string> wrap_command(std::string_view command, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (const auto word : words_of(command, true)) {
    const bool full = !line.empty() && line.size() + 1 + word.size() + 2 > width;
    if (full) {
      lines.push_back(line + " \\");
      line = "  ";
    } else if (!line.empty()) {
      line += ' ';
    }
    line += word;
  }
  lines.push_back(line);
  return lines;
}

}  // namespace hopblame
