#include "src/commands/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "src/report/knowledge.hpp"
#include "src/report/paint.hpp"
#include "src/report/placeholders.hpp"
#include "src/report/wrap.hpp"

namespace hopblame {
namespace {

void section(std::string& out, const Paint& paint, std::string_view heading, std::string_view text,
             std::size_t width) {
  if (text.empty()) return;
  out += fmt::format("\n{}\n{}", paint.bold(heading), paragraph("  ", text, width));
}

void steps_section(std::string& out, const Paint& paint, std::span<const Step> steps,
                   std::size_t width) {
  if (steps.empty()) return;
  out += fmt::format("\n{}\n", paint.bold("What to do, and who can"));
  const Facts facts = generic_facts();
  for (const Step& step : steps) {
    out += paragraph(
        "  - ",
        fmt::format("{}{}: {}", title(step.who), step.change ? " (this changes something)" : "",
                    fill(step.text, facts)),
        width);
    const std::string commands = fill(step.commands, facts);
    for (std::size_t start = 0; start < commands.size();) {
      const auto end = std::min(commands.find('\n', start), commands.size());
      for (const auto& line : wrap_command(commands.substr(start, end - start), width - 6))
        out += fmt::format("      {}\n", paint.command(line));
      start = end + 1;
    }
  }
}

std::string page(std::string_view word, std::string_view kind, const Article& text,
                 const TextStyle& style) {
  const Paint paint(style.colour);
  const std::size_t width = std::clamp(style.width, 40u, 100u);
  std::string out = paint.bold(fmt::format("{} ({})", word, kind)) + "\n";
  out += paragraph("", std::string(text.title) + ".", width);
  section(out, paint, "What it is", text.what, width);
  section(out, paint, "How it looks on the wire", text.wire, width);
  section(out, paint, "Who can fix it", text.fixed_by, width);
  section(out, paint, "How to check", text.check, width);
  steps_section(out, paint, text.steps, width);
  return out;
}

std::vector<std::string_view> all_words() {
  std::vector<std::string_view> words;
  for (const auto value : all_outcomes()) words.push_back(to_string(value));
  for (const auto value : all_mechanisms()) words.push_back(to_string(value));
  for (const auto value : all_caveats()) words.push_back(to_string(value));
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// A word that holds the other is near, whatever its length.
std::size_t strangeness(std::string_view typed, std::string_view word) {
  const bool part = typed.size() >= 3 && (word.find(typed) != std::string_view::npos ||
                                          typed.find(word) != std::string_view::npos);
  return part ? 0 : distance(typed, word);
}

}  // namespace

std::optional<std::string> explain(std::string_view word, const TextStyle& style) {
  std::string out;
  const auto add = [&](std::string_view kind, const Article& text) {
    if (!out.empty()) out += "\n";
    out += page(word, kind, text, style);
  };
  if (const auto value = outcome(word)) add("outcome", article(*value));
  if (const auto value = mechanism(word)) add("mechanism", article(*value));
  if (const auto value = caveat(word)) add("caveat", article(*value));
  if (out.empty()) return {};
  return out;
}

std::vector<std::string> near_words(std::string_view word) {
  constexpr std::size_t most = 5;
  word = word.substr(0, 64);
  auto words = all_words();
  std::stable_sort(words.begin(), words.end(),
                   [&](auto a, auto b) { return strangeness(word, a) < strangeness(word, b); });
  return {words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min(most, words.size()))};
}

}  // namespace hopblame
