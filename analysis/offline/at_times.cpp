#include "analysis/offline/at_times.hpp"

#include <algorithm>

#include "analysis/offline/outcome.hpp"

namespace hopblame::offline {
namespace {

FrameId begin_of(const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  return attempt.unseen ? exchange.replies.front().frame : exchange.left.front();
}

/// Others connect before and after: what is left of it is another machine behind the address.
void doubt_closed_port(std::vector<Explanation>& found, const Attempt& well) {
  const auto closed = std::ranges::find(found, Mechanism::closed_port, &Explanation::mechanism);
  if (closed == found.end() || found.size() < 2) return;
  closed->rank = 2;
  closed->against.push_back(
      {say("Others connect to that port before and after, so something listens on it: only another "
           "machine behind the same address can have it closed for this client alone."),
       {begin_of(well)}});
  if (std::ranges::none_of(found, [](const Explanation& one) { return one.rank == 1; }))
    for (auto& one : found)
      if (one.mechanism == Mechanism::host_firewall_reset) one.rank = 1;
  std::ranges::stable_sort(found, {}, &Explanation::rank);
}

}  // namespace

void tell_clients_apart(Verdict& verdict, const std::vector<Attempt>& sample, Outcome outcome,
                        const IpAddress& client) {
  const auto ill = std::ranges::find_if(sample, [&](const Attempt& attempt) {
    return attempt.outcome == outcome && is_of(attempt, client);
  });
  const auto well = std::ranges::find(sample, std::optional(Outcome::open), &Attempt::outcome);
  if (verdict.explanations.empty() || ill == sample.end() || well == sample.end()) return;
  if (outcome == Outcome::refused) doubt_closed_port(verdict.explanations, *well);
  verdict.explanations.front().because.push_back(
      {say("It depends on who asks: {} never gets through, {} always does, and no client fares now "
           "so and now so.",
           client, well->exchange.spec.flow.source.address),
       {begin_of(*ill), begin_of(*well)}});
}

std::set<Outcome> other_failures(const std::vector<Attempt>& sample, Outcome outcome,
                                 const IpAddress& client) {
  std::set<Outcome> found;
  for (const auto& attempt : sample) {
    const bool of_client = is_of(attempt, client);
    if (of_client && attempt.outcome && *attempt.outcome != outcome &&
        fails_to_connect(*attempt.outcome))
      found.insert(*attempt.outcome);
  }
  return found;
}

Evidence fared_otherwise(const std::vector<Attempt>& sample, Outcome outcome) {
  const auto example = std::ranges::find(sample, std::optional(outcome), &Attempt::outcome);
  return {say("Other attempts ended otherwise, as this one: a fault of its own beside the first."),
          {begin_of(*example)}};
}

void tell_of_stretch(Verdict& verdict, const Target& target, const std::vector<Attempt>& sample,
                     Outcome outcome) {
  constexpr Duration at_least = std::chrono::seconds(1);  // in less everything is one stretch
  const bool turned_away = outcome == Outcome::refused || outcome == Outcome::rejected ||
                           outcome == Outcome::unreachable;
  if (target.changes != 2 || !turned_away || verdict.explanations.empty()) return;
  const auto fares_so = [&](const Attempt& attempt) { return attempt.outcome == outcome; };
  const auto first = std::ranges::find_if(sample, fares_so);
  const auto last = std::find_if(sample.rbegin(), sample.rend(), fares_so);
  if (first == sample.end() || sample.front().outcome == outcome) return;
  if (last->exchange.at - first->exchange.at < at_least) return;
  verdict.explanations.front().because.push_back(
      {say("It was so for one stretch of time, {} s at least, and neither before nor after.",
           Seconds{last->exchange.at - first->exchange.at}),
       {begin_of(*first), begin_of(*last)}});
}

}  // namespace hopblame::offline
