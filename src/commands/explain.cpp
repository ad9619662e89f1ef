#include "src/commands/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "src/commands/printed.hpp"
#include "src/report/knowledge.hpp"
#include "src/report/paint.hpp"
#include "src/report/placeholders.hpp"
#include "src/report/wrap.hpp"

namespace hopblame {
namespace {

constexpr std::size_t longest_line = 1000;

void section(std::string& out, const Paint& paint, std::string_view heading, std::string_view text,
             std::size_t width) {
  if (text.empty()) return;
  out += fmt::format("\n{}\n{}", paint.bold(heading), paragraph("  ", text, width));
}

/// A report knows whether the step fits; here the reader has to.
std::string_view circumstance(const Advice& step) {
  constexpr std::pair<only::Bits, std::string_view> circumstances[] = {
      {only::before_host, "Where it lies before the host: "},
      {only::forwarded, "Where the address passes the port on: "},
      {only::large | only::large_there | only::large_back, "Where data got through at first: "},
      {only::now_and_then, "Where only some connections fail: "},
      {only::here, "Where this machine itself does it: "},
      {only::few_hops, "Where they leave with too few hops: "},
      {only::sent_back, "Where the packets come back to this machine: "},
      {only::came_wrong, "Where the answers come in for another machine: "},
      {only::answer_left, "Where a capture shows the answer: "},
      {only::by_other_link, "Where answers may come in by another interface: "},
      {only::ssh, "For SSH: "},
      {only::not_ssh, "For another service than SSH: "},
      {only::named, "For a name: "},
      {only::unnamed, "For an address: "},
  };
  for (const auto& [bit, words] : circumstances)
    if ((step.when & bit) != 0) return words;
  return "";
}

void steps_section(std::string& out, const Paint& paint, std::span<const Advice> steps,
                   std::size_t width) {
  if (steps.empty()) return;
  out += fmt::format("\n{}\n", paint.bold("What to do, and who can"));
  const Facts facts = generic_facts();
  for (const Advice& step : steps) {
    out += paragraph(
        "  - ",
        fmt::format("{}{}: {}{}", title(step.who), step.change ? " (this changes something)" : "",
                    circumstance(step), fill(step.text, facts)),
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
  for (const auto& other : other_words()) words.push_back(other.word);
  for (const auto& printed : printed_by_programs()) words.push_back(printed.words);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

/// As our words are written: "Connection refused" is "connection-refused".
std::string as_word(std::string_view typed) {
  std::string word;
  for (const char c : typed.substr(0, longest_line))
    word +=
        c == ' ' || c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

template <class Values>
void add_list(std::string& out, const Paint& paint, std::string_view kind, const Values& values,
              std::size_t width) {
  out += fmt::format("{}{}\n", out.empty() ? "" : "\n", paint.bold(kind));
  for (const auto value : values)
    out += paragraph(fmt::format("  {:22}", to_string(value)), article(value).title, width);
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

/// A word that holds the other is near, whatever its length. What differs in more than a third is
/// another word.
std::size_t strangeness(std::string_view typed, std::string_view word) {
  const bool part = typed.size() >= 3 && (word.find(typed) != std::string_view::npos ||
                                          typed.find(word) != std::string_view::npos);
  return part ? 0 : distance(typed, word);
}

}  // namespace

std::optional<std::string> explain(std::string_view typed, const TextStyle& style) {
  const auto word = as_word(typed);
  std::string out;
  const auto add = [&](std::string_view kind, const Article& text) {
    if (!out.empty()) out += "\n";
    out += page(word, kind, text, style);
  };
  if (const auto value = outcome(word)) add("outcome", article(*value));
  if (const auto value = mechanism(word)) add("mechanism", article(*value));
  if (const auto value = caveat(word)) add("caveat", article(*value));
  for (const auto& other : other_words())
    if (other.word == word) add(other.kind, other.article);
  if (!out.empty()) return out;
  // A word of its own, or a line that a program printed, which holds one.
  const bool is_line = typed.find(' ') != std::string_view::npos;
  const auto* printed = printed_in(word);
  if (printed == nullptr || (!is_line && word != printed->words)) return {};
  return page(printed->words, kind_of(*printed), article_of(*printed), style);
}

std::string word_list(const TextStyle& style) {
  const Paint paint(style.colour);
  const std::size_t width = std::clamp(style.width, 40u, 100u);
  std::string out;
  add_list(out, paint, "Outcomes: what happened", all_outcomes(), width);
  add_list(out, paint, "Mechanisms: what does it", all_mechanisms(), width);
  add_list(out, paint, "Caveats: what to keep in mind", all_caveats(), width);
  out += fmt::format("\n{}\n", paint.bold("Other words of a report"));
  for (const auto& other : other_words())
    out += paragraph(fmt::format("  {:22}", other.word), other.article.title, width);
  return out + "\nhopblame explain WORD tells more of one.\n";
}

std::vector<std::string> near_words(std::string_view typed) {
  constexpr std::size_t most = 5;
  const auto word = as_word(typed);
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const auto other : all_words())
    if (const auto strange = strangeness(word, other); strange <= word.size() / 3)
      near.emplace_back(strange, other);
  std::ranges::stable_sort(near, {}, [&](const auto& one) {
    return std::pair(one.first, std::max(one.second.size(), word.size()) -
                                    std::min(one.second.size(), word.size()));
  });
  std::vector<std::string> words;
  if (near.size() > most) near.resize(most);
  for (const auto& one : near) words.emplace_back(one.second);
  return words;
}

}  // namespace hopblame
