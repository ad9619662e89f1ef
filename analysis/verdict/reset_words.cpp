#include "analysis/verdict/reset_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hopblame {
namespace {

bool is_readable(std::uint8_t byte) { return byte >= ' ' && byte <= '~'; }

/// A quotation mark or a backtick would seem to end what is quoted.
char shown(std::uint8_t byte) {
  const bool plain = is_readable(byte) && byte != '"' && byte != '`';
  return plain ? static_cast<char>(byte) : '.';
}

/// As a hex dump has them: what cannot be shown is a dot. Zeros fill up, line ends end.
std::string shown(std::span<const std::uint8_t> text) {
  while (!text.empty() && (text.back() == 0 || text.back() == '\n' || text.back() == '\r'))
    text = text.first(text.size() - 1);
  std::string words;
  std::ranges::transform(text, std::back_inserter(words),
                         [](std::uint8_t byte) { return shown(byte); });
  return words;
}

/// Numbers in a form for machines, or noise, are no words.
bool is_text(std::span<const std::uint8_t> text) {
  constexpr std::ptrdiff_t least = 4;
  const auto readable = std::ranges::count_if(text, is_readable);
  return readable >= least && readable * 4 >= std::ssize(text) * 3;
}

}  // namespace

std::optional<Evidence> words_of(const Reply& reset) {
  if (!reset.segment || !is_text(reset.segment->text)) return {};
  const auto& segment = *reset.segment;
  const bool cut = segment.payload > segment.text.size();
  return Evidence{fmt::format("The RST carries words of whoever made it (load balancers say why "
                              "they reset so): \"{}{}\"",
                              shown(segment.text), cut ? "..." : ""),
                  {reset.frame}};
}

/// Citrix, "What's that NetScaler reset packet": 9700, say; 8201 in CTX695832.
std::optional<Evidence> code_of(const Reply& reset) {
  constexpr std::uint16_t lowest = 8196, highest = 9999;
  if (!reset.segment) return {};
  const auto window = reset.segment->window;
  if (window < lowest || window > highest) return {};
  return Evidence{say("If a NetScaler (Citrix ADC) made it, that number is its reset code, which "
                      "Citrix's list of them explains."),
                  {reset.frame}};
}

}  // namespace hopblame
