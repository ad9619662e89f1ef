#include "tests/properties/check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hopblame::properties {
namespace {

std::string hops(const Where& where) {
  const auto hop = [](std::optional<std::uint8_t> number) {
    return number ? std::to_string(*number) : std::string("?");
  };
  return fmt::format("{}..{}", hop(where.first_hop), hop(where.last_hop));
}

std::vector<Mechanism> of_rank(const Verdict& verdict, bool first) {
  std::vector<Mechanism> found;
  for (const auto& explanation : verdict.explanations)
    if ((explanation.rank == 1) == first) found.push_back(explanation.mechanism);
  std::ranges::sort(found);
  return found;
}

bool same(std::vector<Mechanism> a, std::vector<Mechanism> b) {
  std::ranges::sort(b);
  return a == b;
}

bool carries(const Verdict& verdict, CaveatId id) {
  return std::ranges::any_of(verdict.caveats, [&](const Caveat& c) { return c.id == id; });
}

std::string compare_place(const Verdict& verdict, const Expected& expected) {
  const auto& where = verdict.culprit.where;
  const auto& wanted = expected.culprit;
  if (where.kind != wanted.kind) return fmt::format("culprit is not {}; ", to_string(wanted.kind));
  if (wanted.kind == CulpritKind::none || wanted.kind == CulpritKind::unknown) return {};
  const bool inside = where.first_hop && where.last_hop && *where.first_hop >= wanted.first &&
                      *where.last_hop <= wanted.last;
  if (!inside) return fmt::format("culprit not within {}..{}; ", wanted.first, wanted.last);
  return {};
}

/// In the culprit's interval, or in that of an explanation that is listed by a verdict unsure.
std::string compare_truth(const Verdict& verdict, const Expected& expected) {
  if (expected.culprit.kind == CulpritKind::none) return {};
  if (holds(verdict.culprit.where, expected.true_hop)) return {};
  const bool listed = std::ranges::any_of(verdict.explanations, [&](const Explanation& e) {
    return holds(e.where, expected.true_hop);
  });
  if (verdict.culprit.confidence == Confidence::certain) return "certain and wrong; ";
  return listed ? "" : "the true hop is nowhere; ";
}

}  // namespace

bool holds(const Where& where, unsigned hop) {
  return where.first_hop && *where.first_hop <= hop && (!where.last_hop || hop <= *where.last_hop);
}

bool lists(const Verdict& verdict, Mechanism mechanism) {
  return std::ranges::any_of(verdict.explanations,
                             [&](const Explanation& e) { return e.mechanism == mechanism; });
}

bool certain_and_wrong(const Verdict& verdict, unsigned true_hop) {
  return verdict.outcome != Outcome::open && verdict.culprit.confidence == Confidence::certain &&
         !holds(verdict.culprit.where, true_hop);
}

std::string compare(const Verdict& verdict, const Expected& expected) {
  std::string wrong;
  if (std::ranges::find(expected.outcomes, verdict.outcome) == expected.outcomes.end())
    return fmt::format("outcome is not {}; ", to_string(expected.outcomes.front()));
  wrong += compare_place(verdict, expected) + compare_truth(verdict, expected);
  if (!same(of_rank(verdict, true), expected.best)) wrong += "rank 1 differs; ";
  if (!same(of_rank(verdict, false), expected.rarer)) wrong += "rank 2 differs; ";
  for (const auto id : expected.caveats)
    if (!carries(verdict, id)) wrong += fmt::format("no caveat {}; ", to_string(id));
  return wrong;
}

std::string in_short(const Verdict& verdict) {
  const auto& culprit = verdict.culprit;
  auto text =
      fmt::format("{}, {} {} ({}):", to_string(verdict.outcome), to_string(culprit.where.kind),
                  hops(culprit.where), to_string(culprit.confidence));
  for (const auto& e : verdict.explanations)
    text +=
        fmt::format(" {}{} {},", to_string(e.mechanism), e.rank == 1 ? "" : "#2", hops(e.where));
  for (const auto& c : verdict.caveats) text += fmt::format(" !{}", to_string(c.id));
  return text;
}

}  // namespace hopblame::properties
