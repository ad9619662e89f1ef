#include "tests/analysis/verdict_line.hpp"

#include <fmt/format.h>

#include "tests/analysis/trace.hpp"

namespace hopblame::trace {
namespace {

std::string hop_text(const std::optional<std::uint8_t>& hop) {
  return hop ? fmt::format("{}", *hop) : "?";
}

std::string interval(const Where& where) {
  if (!where.first_hop && !where.last_hop) return "";
  return fmt::format(" {}..{}", hop_text(where.first_hop), hop_text(where.last_hop));
}

bool same_place(const Where& one, const Where& other) {
  return one.first_hop == other.first_hop && one.last_hop == other.last_hop;
}

}  // namespace

std::string in_one_line(const Verdict& verdict) {
  const auto& place = verdict.culprit.where;
  auto text = fmt::format("{}: {}{} {}:", to_string(verdict.outcome), to_string(place.kind),
                          interval(place), to_string(verdict.culprit.confidence));
  unsigned rank = 1;
  for (const auto& explanation : verdict.explanations) {
    if (explanation.rank != rank) text += " /";
    rank = explanation.rank;
    text += fmt::format(" {}", to_string(explanation.mechanism));
    if (!same_place(explanation.where, place)) text += interval(explanation.where);
  }
  return text;
}

std::string caveats_of(const Verdict& verdict) {
  std::string text;
  for (const auto& caveat : verdict.caveats) {
    if (!text.empty()) text += ' ';
    text += to_string(caveat.id);
  }
  return text;
}

std::string verdict_of(std::string_view lines, Family family) {
  return in_one_line(analyse(run_of(lines, family)).verdict);
}

std::string caveats_of(std::string_view lines, Family family) {
  return caveats_of(analyse(run_of(lines, family)).verdict);
}

}  // namespace hopblame::trace
