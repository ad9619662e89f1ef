#include "src/report/untrusted.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace hopblame {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

constexpr bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }
constexpr bool stays_in_json(char c) { return is_printable(c) && c != '"' && c != '\\'; }

constexpr std::uint64_t eight(unsigned char byte) { return 0x0101010101010101u * byte; }

/// The high bit of some byte, if one of the eight is smaller than `bound`, at most 0x80.
constexpr std::uint64_t below(std::uint64_t word, unsigned char bound) {
  return (word - eight(bound)) & ~word & eight(0x80);
}

/// Not 0 if one of eight characters does not stay in JSON.
constexpr std::uint64_t changes_in_json(std::uint64_t word) {
  return (word & eight(0x80)) | below(word, 0x20) | below(word ^ eight(0x7f), 1) |
         below(word ^ eight('"'), 1) | below(word ^ eight('\\'), 1);
}

std::uint64_t word_at(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Eight at a time, the last eight again where they are no whole word.
bool all_stay_in_json(std::string_view text) {
  constexpr std::size_t size = sizeof(std::uint64_t);
  if (text.size() < size) return std::ranges::all_of(text, stays_in_json);
  const char* const last = text.data() + text.size() - size;
  auto changes = changes_in_json(word_at(last));
  for (const auto* at = text.data(); at < last; at += size) changes |= changes_in_json(word_at(at));
  return changes == 0;
}

std::string escape_bytes(std::string_view text) {
  if (std::ranges::all_of(text, is_printable)) return std::string(text);
  std::string out;
  for (const char c : text) {
    if (is_printable(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string_view html_entity(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return {};
  }
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-' || c == '@';
}

std::string escape_bars(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string Untrusted::printable(std::size_t limit) const {
  if (raw_.size() <= limit) return escape_bytes(raw_);
  return escape_bytes(std::string_view(raw_).substr(0, limit)) + "...";
}

std::string for_terminal(std::string_view text) { return escape_bytes(text); }

void append_for_json(TextBuffer& out, std::string_view text) {
  if (all_stay_in_json(text)) return out.put(text);
  for (const char c : escape_bytes(text)) {
    if (!stays_in_json(c)) out.put('\\');
    out.put(c);
  }
}

std::string for_json(std::string text) {
  if (all_stay_in_json(text)) return text;
  TextBuffer out;
  append_for_json(out, text);
  return std::string(out.text());
}

std::string for_html(std::string_view text) {
  std::string out;
  for (const char c : escape_bytes(text)) {
    const auto entity = html_entity(c);
    if (entity.empty())
      out += c;
    else
      out += entity;
  }
  return out;
}

std::string for_markdown(std::string_view text) {
  // The last three would start a mention, a link or a mathematical formula.
  constexpr std::string_view special = "\\`*_[]<>&#|~!@$";
  std::string out;
  for (const char c : escape_bytes(text)) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_code(std::string_view text, bool in_table) {
  const std::string safe = escape_bytes(text);
  if (safe.empty()) return {};
  const std::string fence(longest_run(safe, '`') + 1, '`');
  // A space on both sides is stripped again; it keeps a backtick at the edge from the fence.
  const bool edge = safe.front() == '`' || safe.back() == '`' || safe.front() == ' ';
  const std::string pad(edge ? 1 : 0, ' ');
  return fence + pad + (in_table ? escape_bars(safe) : safe) + pad + fence;
}

std::string shell_word(const Untrusted& text, std::string_view fallback) {
  const std::string word = text.printable();
  const bool plain = !word.empty() && word.front() != '-' &&
                     std::all_of(word.begin(), word.end(), is_word_character);
  return plain ? word : std::string(fallback);
}

}  // namespace hopblame
