#include "src/report/target_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "src/report/document.hpp"
#include "src/report/their_words.hpp"
#include "src/report/timestamp.hpp"
#include "src/report/wording.hpp"
#include "src/report/wrap.hpp"

namespace hopblame {
namespace {

constexpr std::size_t indent = 4;  ///< of the lines after the first of a target

/// "2026-11-20 11:20:00"
std::string second_text(TimePoint at) {
  auto text = timestamp(at).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string period(const Attempts& attempts) {
  if (!attempts.first || !attempts.last) return {};
  const auto first = second_text(*attempts.first), last = second_text(*attempts.last);
  if (first == last) return first;
  const bool same_day = first.substr(0, 10) == last.substr(0, 10);
  return fmt::format("{} - {}", first, same_day ? last.substr(11) : last);
}

std::string ends(const Attempts& attempts) {
  std::string text;
  const auto add = [&](unsigned count, std::string_view word) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, word);
  };
  add(attempts.open, "open");
  add(attempts.refused, "refused");
  add(attempts.rejected, "rejected");
  add(attempts.dropped, "dropped");
  add(attempts.other, "other");
  return text;
}

/// Of what comes and goes, or is not known, nothing is so since or always; nor is it always so
/// where some ended otherwise.
std::string steadiness(const Attempts& attempts, Outcome outcome) {
  const bool steady = outcome != Outcome::intermittent && outcome != Outcome::inconclusive;
  if (attempts.total < 2 || !steady) return {};
  if (attempts.since) return ", so since " + second_text(*attempts.since);
  const bool failed = attempts.refused + attempts.rejected + attempts.dropped > 0;
  if (attempts.open > 0 && failed) return ", for some clients only";
  const bool alike =
      std::ranges::count(std::array{attempts.open, attempts.refused, attempts.rejected,
                                    attempts.dropped, attempts.other},
                         attempts.total) > 0;
  return alike ? ", always" : "";
}

/// The answer without its full stops: "refused by the router 192.0.2.1 (hop 1), strong".
std::string verdict_text(const ReportInput& input) {
  auto text = headline(input);
  text.resize(std::min(text.find(". How sure"), text.size()));
  while (text.ends_with('.')) text.pop_back();
  TheirWords(input.run).change(text);
  return fmt::format("{}, {}", text, to_string(input.analysis.verdict.culprit.confidence));
}

}  // namespace

std::string endpoint_text(const Endpoint& end) {
  const auto address = to_string(end.address);
  return end.address.family == Family::ipv4 ? fmt::format("{}:{}", address, end.port)
                                            : fmt::format("[{}]:{}", address, end.port);
}

std::string target_line(const ReportInput& input, std::size_t width) {
  const auto& attempts = input.analysis.attempts;
  const auto app = app_error(input);
  const auto error = app.name.empty() ? app.text : app.name;
  std::string text = fmt::format("{}: {}", endpoint_text(input.run.goal.target), ends(attempts));
  if (const auto when = period(attempts); !when.empty()) text += "; " + when;
  if (!error.empty()) text += "; app: " + error;
  text += "; " + verdict_text(input) + steadiness(attempts, input.analysis.verdict.outcome);
  std::string out;
  for (const auto& line : wrap(text, width - std::min<std::size_t>(width, indent)))
    out += fmt::format("{}{}\n", out.empty() ? "" : std::string(indent, ' '), line);
  return out;
}

}  // namespace hopblame
