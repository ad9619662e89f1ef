#include "analysis/compare/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/compare/causes.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {
namespace {

bool tells(const AttemptFinding& attempt) {
  return attempt.finding != Finding::not_covered && attempt.finding != Finding::unclear;
}

bool failed(const AttemptFinding& attempt) {
  return tells(attempt) && attempt.finding != Finding::answered;
}

/// The finding of most failed attempts; of those the first attempt. Else one that tells, else any.
const AttemptFinding* decisive(const std::vector<AttemptFinding>& attempts) {
  std::map<Finding, std::size_t> counts;
  for (const auto& attempt : attempts)
    if (failed(attempt)) ++counts[attempt.finding];
  const AttemptFinding* best = nullptr;
  for (const auto& attempt : attempts) {
    const auto weight = [&](const AttemptFinding& of) {
      return failed(of) ? counts[of.finding] + 1 : tells(of) ? 1 : 0;
    };
    if (!best || weight(attempt) > weight(*best)) best = &attempt;
  }
  return best;
}

Outcome outcome_of(const std::vector<AttemptFinding>& attempts, const AttemptFinding& best) {
  if (!tells(best)) return best.outcome == Outcome::open ? Outcome::open : Outcome::inconclusive;
  const bool mixed = failed(best) && std::ranges::any_of(attempts, [](const auto& attempt) {
                       return attempt.finding == Finding::answered;
                     });
  return mixed ? Outcome::intermittent : best.outcome;
}

std::string clock_text(const Clock& clock) {
  return fmt::format("{:+.3f} s", seconds(*clock.offset));
}

class Caveats {
 public:
  void add_if(bool holds, CaveatId id, std::string text) {
    if (!holds) return;
    std::erase_if(list, [&](const Caveat& caveat) { return caveat.id == id; });
    list.push_back({id, std::move(text)});
  }
  std::vector<Caveat> list;
};

std::vector<Caveat> caveats_of(const Comparison& comparison, const Side& client, const Side& server,
                               const Analysis& alone) {
  Caveats caveats{alone.verdict.caveats};
  // Of the client's capture alone these were true.
  std::erase_if(caveats.list, [&](const Caveat& caveat) {
    return caveat.id == CaveatId::one_direction ||
           (caveat.id == CaveatId::no_walk && comparison.distance);
  });
  const auto uncovered =
      std::ranges::count(comparison.attempts, Finding::not_covered, &AttemptFinding::finding);
  caveats.add_if(server.packets.empty(), CaveatId::not_covered,
                 "There is no packet at all in the server's capture, so nothing proves that it ran "
                 "during the attempt. Only if it did, the packets are lost before it. Capture "
                 "without a filter on the port, and ping the server once meanwhile.");
  caveats.add_if(
      uncovered > 0 && !server.packets.empty(), CaveatId::not_covered,
      fmt::format("{} of {} attempts fall{} outside the time in which both captures ran for "
                  "certain: what is missing there is not read as lost.",
                  uncovered, comparison.attempts.size(), uncovered == 1 ? "s" : ""));
  caveats.add_if(!comparison.clock.offset && !server.packets.empty(), CaveatId::clocks_not_compared,
                 "No packet was seen at both ends, so the two clocks could not be compared; they "
                 "are taken to agree. Ping the server once while both captures "
                 "run.");
  caveats.add_if(!comparison.clock.consistent, CaveatId::clocks_not_compared,
                 fmt::format("The clocks differ by {}, but not always by the same: one was set, or "
                             "runs at another speed.",
                             comparison.clock.offset ? clock_text(comparison.clock) : ""));
  caveats.add_if(comparison.unsure, CaveatId::unmatched,
                 "The server's capture holds an attempt that the client's does not: it may be the "
                 "client's, with everything rewritten by a proxy.");
  const auto dropped = client.dropped + server.dropped;
  caveats.add_if(dropped > 0, CaveatId::capture_drops,
                 fmt::format("The captures lost {} packets: some of what looks lost on the way may "
                             "be only that.",
                             dropped));
  caveats.add_if(client.truncated || server.truncated, CaveatId::capture_truncated,
                 "A capture file ends in the middle of a packet.");
  return std::move(caveats.list);
}

void count_attempts(Analysis& analysis, const Comparison& comparison) {
  analysis.attempts = {};
  for (const auto& attempt : comparison.attempts) count(analysis.attempts, attempt.outcome);
  if (comparison.attempts.empty()) return;
  analysis.attempts.first = comparison.attempts.front().at;
  analysis.attempts.last = comparison.attempts.back().at;
}

Confidence lowered(Confidence confidence, const Comparison& comparison) {
  if (!comparison.clock.offset || !comparison.clock.consistent) return Confidence::weak;
  return confidence;
}

}  // namespace

Analysis judge(const Comparison& comparison, const Side& client, const Side& server,
               const Endpoint& target, const Analysis& alone) {
  auto analysis = alone;
  auto& verdict = analysis.verdict;
  verdict = {};
  verdict.caveats = caveats_of(comparison, client, server, alone);
  if (comparison.distance) analysis.path.distance.destination = comparison.distance;
  count_attempts(analysis, comparison);
  const auto* best = decisive(comparison.attempts);
  if (!best) return analysis;
  verdict.outcome = outcome_of(comparison.attempts, *best);
  if (verdict.outcome == Outcome::inconclusive) return analysis;
  auto cause = cause_of(*best, comparison, target, alone);
  verdict.explanations = std::move(cause.explanations);
  verdict.culprit = cause.culprit;
  verdict.culprit.confidence = lowered(cause.culprit.confidence, comparison);
  if (verdict.outcome == Outcome::intermittent) verdict.culprit.confidence = Confidence::weak;
  return analysis;
}

}  // namespace hopblame::compare
