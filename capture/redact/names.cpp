#include "capture/redact/names.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "analysis/model/services.hpp"

namespace hopblame {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_name(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == ':'; }

/// A host name has a dot and ends in a domain of letters.
bool is_host_name(std::string_view word) {
  const auto dot = word.rfind('.');
  if (dot == std::string_view::npos || dot + 3 > word.size()) return false;
  return std::all_of(word.begin() + static_cast<std::ptrdiff_t>(dot) + 1, word.end(), is_letter);
}

bool is_address(std::string_view word) {
  const auto dots = std::count(word.begin(), word.end(), '.');
  const auto colons = std::count(word.begin(), word.end(), ':');
  const bool hexadecimal = std::all_of(word.begin(), word.end(), [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == ':';
  });
  return hexadecimal && (dots == 3 || colons >= 2);
}

void cross_out(std::string& text, std::size_t from, std::size_t to) {
  for (; from < to; ++from)
    if (is_letter(text[from]) || is_digit(text[from])) text[from] = 'x';
}

std::string_view trimmed(std::string_view word) {
  while (!word.empty() && (word.back() == '.' || word.back() == ':')) word.remove_suffix(1);
  return word;
}

void cross_out_names(std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && in_name(text[end])) ++end;
    const std::string_view word = trimmed(std::string_view(text).substr(at, end - at));
    if (is_host_name(word) || is_address(word)) cross_out(text, at, end);
    at = std::max(end, at + 1);
  }
}

/// "220 mail ESMTP": the word after the code is the host (RFC 5321 section 4.2).
void cross_out_greeter(std::string& text) {
  if (!text.starts_with("220 ") && !text.starts_with("220-")) return;
  cross_out(text, 4, std::min(text.find_first_of(" \r\n", 4), text.size()));
}

/// A server may call its software anything (RFC 4253 section 4.2): what is not one of the common
/// names may be a name of the owner's.
bool is_common_software(std::string_view text) {
  constexpr std::string_view names[] = {"OpenSSH_", "dropbear", "libssh",   "Cisco-",
                                        "Go\r",     "ROSSSH",   "mod_sftp", "Comware-"};
  return std::ranges::any_of(names, [&](auto name) { return text.starts_with(name); });
}

/// "SSH-2.0-NAME": the name, and the comment after it. Lines may come before it.
void cross_out_software(std::string& text) {
  const auto line = text.starts_with("SSH-") ? 0 : text.find("\nSSH-") + 1;
  if (line == 0 && !text.starts_with("SSH-")) return;
  const auto dash = text.find('-', line + 4);
  const auto end = std::min(text.find_first_of("\r\n", line), text.size());
  if (dash >= end || is_common_software(std::string_view(text).substr(dash + 1))) return;
  cross_out(text, dash + 1, end);
}

bool is_same_letter(char one, char other) {
  return std::tolower(static_cast<unsigned char>(one)) ==
         std::tolower(static_cast<unsigned char>(other));
}

bool is_word_at(std::string_view text, std::size_t at, std::size_t length) {
  const auto inside = [&](std::size_t place) {
    return place < text.size() && (is_letter(text[place]) || is_digit(text[place]));
  };
  return (at == 0 || !inside(at - 1)) && !inside(at + length);
}

/// A host may be called "ssh" or "host": what the protocol says stays.
void cross_out_word(std::string& text, std::string_view word) {
  for (auto at = text.begin();; ++at) {
    at = std::search(at, text.end(), word.begin(), word.end(), is_same_letter);
    if (at == text.end()) return;
    const auto place = static_cast<std::size_t>(at - text.begin());
    if (!is_word_at(text, place, word.size())) continue;
    const auto before = text.substr(place, word.size());
    const auto whole = text;
    cross_out(text, place, place + word.size());
    if (!is_read_alike(whole, text)) text.replace(place, word.size(), before);
    at = text.begin() + static_cast<std::ptrdiff_t>(place);
  }
}

}  // namespace

std::string without_names(std::string text, std::span<const std::string> hidden) {
  cross_out_greeter(text);
  cross_out_software(text);
  cross_out_names(text);
  for (const auto& word : hidden) cross_out_word(text, word);
  return text;
}

}  // namespace hopblame
