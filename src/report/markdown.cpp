// For a ticket. The answer comes in the first ten lines; a section that would make the text too
// long for a ticket is left out, and says so.
#include <fmt/format.h>

#include <algorithm>

#include "src/report/code_spans.hpp"
#include "src/report/crossing_words.hpp"
#include "src/report/document.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

constexpr std::size_t most_characters = 60'000;

std::string_view trailing_marks(std::string_view word) {
  const auto end = word.find_last_not_of(".,;)");
  if (end == std::string_view::npos) return word;
  // "2001:db8::10:" ends a clause, "2001:db8::" is an address.
  const bool colon = word[end] == ':' && end > 0 && word[end - 1] != ':';
  return word.substr(colon ? end : end + 1);
}

/// An IPv6 address goes into a code span: ticket systems read ":a:" as an emoji.
std::string word_markdown(std::string_view word) {
  if (std::count(word.begin(), word.end(), ':') < 2) return for_markdown(word);
  const std::string_view marks = trailing_marks(word);
  word.remove_suffix(marks.size());
  const std::string_view bracket = word.starts_with('(') ? "(" : "";
  word.remove_prefix(bracket.size());
  return fmt::format("{}{}{}", bracket, markdown_code(word), for_markdown(marks));
}

std::string words_markdown(std::string_view text) {
  std::string out;
  while (true) {
    const auto space = std::min(text.find(' '), text.size());
    out += word_markdown(text.substr(0, space));
    if (space == text.size()) return out;
    out += ' ';
    text.remove_prefix(space + 1);
  }
}

/// Our own sentences.
std::string own(std::string_view sentence) {
  std::string out;
  for (const Span& span : code_spans(sentence))
    out += span.code ? markdown_code(span.text) : words_markdown(span.text);
  return out;
}

std::string joined(const std::vector<std::string>& sentences) {
  return own(fmt::format("{}", fmt::join(sentences, " ")));
}

std::string answer_section(const Document& document) {
  const std::string ask =
      document.ask.empty() ? "" : fmt::format("**First:** {}\n\n", own(document.ask));
  return fmt::format("# hopblame: {}\n\n**{}**\n\n{}\n\n{}{}, seen from {}\n", document.outcome,
                     own(document.headline), joined(document.summary), ask,
                     markdown_code(document.title), markdown_code(document.source));
}

std::string cell(const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values) {
    if (!out.empty() && !value.empty()) out += "<br>";
    out += markdown_code(value, true);
  }
  return out;
}

std::string_view state_cell(const std::optional<FlowState>& state) {
  return state ? state_text(*state) : "";
}

std::string row_markdown(const Row& row) {
  const std::string hop = row.first == row.last ? std::to_string(row.first)
                                                : fmt::format("{} to {}", row.first, row.last);
  const std::string address = row.addresses.empty() ? "no answer" : cell(row.addresses);
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n",
                     row.blamed ? "**" + hop + " (blamed)**" : hop, address, cell(row.names),
                     row.round_trip, state_cell(row.target), state_cell(row.control));
}

std::string path_section(const Document& document) {
  std::string out =
      fmt::format("## Path\n\n{}\n\n| hop | address | name | rtt | {} | {} |\n",
                  own(document.legend), document.target_column, document.control_column);
  out += "|---|---|---|---|---|---|\n";
  for (const Row& row : document.rows) out += row_markdown(row);
  return out;
}

std::string list(std::string_view heading, const std::vector<Point>& points) {
  if (points.empty()) return {};
  std::string out = fmt::format("## {}\n\n", heading);
  for (const auto& point : points) out += fmt::format("- {}\n", own(point.text));
  return out;
}

std::string because_section(const Document& document) {
  std::string out = list("Because", document.because);
  const std::string against = list("What speaks against it", document.against);
  if (!against.empty()) out += fmt::format("\n{}", against);
  if (!document.confidence.empty())
    out += fmt::format("\n{}: {}\n", own(document.sure_of), own(document.confidence));
  if (!document.settled_by.empty())
    out += fmt::format("\nTo settle it: {}\n", own(document.settled_by));
  return out;
}

std::string alternatives_section(const Document& document) {
  if (document.alternatives.empty()) return {};
  std::string out = "## What else fits these packets\n\n";
  for (const auto& other : document.alternatives) {
    out += fmt::format("- **{}**, {}: {} ({}).\n", other.word, own(other.where), own(other.title),
                       how_likely(other));
    for (const auto& point : other.because)
      out += fmt::format("  - Because: {}\n", own(point.text));
    for (const auto& point : other.against)
      out += fmt::format("  - Against it: {}\n", own(point.text));
    out += fmt::format("  - To settle it: {}\n", own(other.settled_by));
  }
  return out;
}

std::string app_section(const Document& document) {
  if (document.app_sees.empty()) return {};
  std::string out = "## What the application sees\n\n";
  for (const auto& line : document.app_sees) out += fmt::format("- {}\n", markdown_code(line));
  return out;
}

/// No command holds a line break, so indentation keeps the block inside its list item.
std::string commands_markdown(const std::vector<std::string>& commands) {
  if (commands.empty()) return {};
  std::string out = "   ```text\n";
  for (const auto& line : commands) out += fmt::format("   {}\n", for_terminal(line));
  return out + "   ```\n";
}

std::string steps_section(const Document& document) {
  if (document.steps.empty()) return {};
  std::string out = "## What to do next\n\n";
  unsigned number = 0;
  for (const auto& step : document.steps) {
    out += fmt::format("{}. **{}**{}: {}\n", ++number, title(step.who),
                       step.change ? " (this changes something)" : "", own(step.text));
    out += commands_markdown(step.commands);
  }
  return out;
}

std::string both_ends_section(const Document& document, const ReportInput& input) {
  auto out = list("The two captures, packet by packet", document.both_ends);
  const auto picture = input.both ? crossings_text(*input.both, 100) : "";
  if (!picture.empty()) out += "\n```text\n" + picture + "```\n";
  return out;
}

std::string run_section(const Document& document) {
  std::string out = "## The run\n\n";
  for (const auto& fact : document.facts)
    out += fmt::format("- {}: {}\n", fact.name, markdown_code(fact.value));
  return out + fmt::format("\nMore about this: `hopblame explain {}`\n", document.more.front());
}

}  // namespace

std::string render_markdown(const ReportInput& input) {
  const Document document = document_of(input);
  constexpr std::string_view left_out =
      "\nA section is left out here: it is too long for a ticket. The JSON report holds it.\n";
  std::string out;
  for (const auto& section :
       {answer_section(document), path_section(document), because_section(document),
        alternatives_section(document), app_section(document),
        list("Other addresses of the same name", document.other_addresses),
        both_ends_section(document, input), steps_section(document),
        list("Keep in mind", document.caveats), run_section(document)}) {
    if (section.empty()) continue;
    const bool fits = out.size() + section.size() + 10 * left_out.size() <= most_characters;
    if (!out.empty() && fits) out += '\n';
    out += fits ? section : left_out;
  }
  return out;
}

}  // namespace hopblame
