#include "src/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/report/document.hpp"
#include "src/report/knowledge.hpp"
#include "src/report/place_words.hpp"

namespace hopblame {
namespace {

std::string open_text(const ReportInput& input) {
  const Endpoint& target = input.run.goal.target;
  // One flow may take a shorter way than the other, and a lost answer makes either seem longer.
  const auto& path = input.analysis.path;
  const auto is_met_nearer = [&](const Hop& at) {
    return at.distance == path.distance.target_flow && at.distance < path.distance.destination &&
           std::ranges::count(at.responders, target.address) > 0;
  };
  // Behind a device that passes the port on it is another host that answers.
  const auto is_behind = [](const Caveat& caveat) { return caveat.id == CaveatId::behind_forward; };
  const bool of_flow = std::ranges::any_of(input.analysis.verdict.caveats, is_behind) ||
                       std::ranges::any_of(path.hops, is_met_nearer);
  const auto hop = of_flow ? path.distance.target_flow : path.distance.destination;
  if (const auto impostor = impostor_of(input.analysis.verdict))
    return fmt::format("open: {} answers for {} port {}", hop_text(input.analysis.path, *impostor),
                       to_string(target.address), target.port);
  return fmt::format("open: {} port {} answers{}", to_string(target.address), target.port,
                     hop ? fmt::format(" (hop {})", *hop) : "");
}

/// The last router heard of got no answer from the next machine, which need not be the last one.
bool finds_no_next(const Verdict& verdict) {
  const Where& where = verdict.culprit.where;
  return verdict.outcome == Outcome::unreachable && where.kind == CulpritKind::destination &&
         where.last_hop.value_or(0) > 1 && verdict.explanations.size() == 1 &&
         verdict.explanations.front().mechanism == Mechanism::host_down;
}

std::string no_next_text(const ReportInput& input) {
  const std::string place = where_text(input.analysis.verdict.culprit.where);
  return fmt::format("unreachable: nobody {}{}, the destination {} or a router before it",
                     place.starts_with("hop") ? "at " : "", place,
                     to_string(input.run.goal.target.address));
}

std::string inconclusive_text(const Where& where) {
  if (!where.first_hop && !where.last_hop) return "inconclusive: the packets do not tell who";
  return fmt::format("inconclusive: the packets do not tell who; it is {}", where_text(where));
}

/// The address itself passes the port on.
Standing standing_of(const ReportInput& input) {
  const Verdict& verdict = input.analysis.verdict;
  const Where& where = verdict.culprit.where;
  const bool forwarded = where.kind == CulpritKind::destination &&
                         lists(verdict.explanations, Mechanism::port_forward) &&
                         has(verdict, CaveatId::behind_forward);
  const bool behind = forwarded || (where.address && is_behind(input, *where.address));
  return behind ? Standing::for_host_behind : Standing::itself;
}

std::string answer(const ReportInput& input) {
  const Verdict& verdict = input.analysis.verdict;
  const Where& where = verdict.culprit.where;
  const auto standing = standing_of(input);
  switch (verdict.outcome) {
    case Outcome::open: return open_text(input);
    case Outcome::refused:
    case Outcome::rejected:
    case Outcome::dropped:
    case Outcome::closed_early:
      return with_preposition(to_string(verdict.outcome), where, standing);
    case Outcome::inconclusive: return inconclusive_text(where);
    case Outcome::unreachable:
      if (finds_no_next(verdict)) return no_next_text(input);
      break;
    case Outcome::silent_service:
    case Outcome::intermittent:
    case Outcome::local: break;
  }
  return fmt::format("{}: {}", to_string(verdict.outcome), lies_at(where, standing));
}

}  // namespace

bool is_behind(const ReportInput& input, const IpAddress& address) {
  const auto& icmp = input.analysis.icmp;
  return icmp && icmp->from == address && address == input.run.goal.target.address &&
         lists(input.analysis.verdict.explanations, Mechanism::port_forward);
}

std::string_view title_of(const Explanation& explanation) {
  if (explanation.mechanism == Mechanism::transparent_proxy && explanation.where == this_host)
    return "a rule of this machine turns the connection elsewhere";
  return article(explanation.mechanism).title;
}

std::string headline(const ReportInput& input) {
  const Culprit& culprit = input.analysis.verdict.culprit;
  return fmt::format("{}. How sure: {}.", answer(input), to_string(culprit.confidence));
}

std::string_view confidence_text(Confidence confidence) {
  switch (confidence) {
    case Confidence::certain:
      return "two independent witnesses agree, none disagrees, nothing else fits elsewhere";
    case Confidence::strong: return "one good witness; what would lie elsewhere is rarer";
    case Confidence::weak: break;
  }
  return "the packets allow other places as well";
}

std::string duration_text(Duration span) {
  const double ms = milliseconds(span);
  if (ms < 0.05) return "under 0.1 ms";
  if (ms < 10) return fmt::format("{:.1f} ms", ms);
  return ms < 1000 ? fmt::format("{:.0f} ms", ms) : fmt::format("{:.2f} seconds", ms / 1000);
}

std::string citation(const std::vector<FrameId>& packets, std::string_view whose) {
  constexpr std::size_t most = 8;
  std::set<FrameId> ordered(packets.begin(), packets.end());
  ordered.erase(FrameId{});  // told by the kernel, not seen
  if (ordered.empty()) return {};
  std::string numbers;
  std::size_t count = 0;
  for (const FrameId frame : ordered)
    if (count++ < most) numbers += fmt::format("{}{}", count == 1 ? "" : ", ", frame.value);
  if (count > most) numbers += fmt::format(" and {} more", count - most);
  return fmt::format(" ({}packet{} {})", whose, count == 1 ? "" : "s", numbers);
}

}  // namespace hopblame
