#include "analysis/offline/at_times.hpp"

#include <algorithm>

#include "analysis/offline/outcome.hpp"

namespace hopblame::offline {
namespace {

FrameId begin_of(const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  return attempt.unseen ? exchange.replies.front().frame : exchange.left.front();
}

}  // namespace

void tell_clients_apart(Verdict& verdict, const std::vector<Attempt>& sample, Outcome outcome,
                        const IpAddress& client) {
  const auto ill = std::ranges::find_if(sample, [&](const Attempt& attempt) {
    return attempt.outcome == outcome && attempt.exchange.spec.flow.source.address == client;
  });
  const auto well = std::ranges::find(sample, std::optional(Outcome::open), &Attempt::outcome);
  if (verdict.explanations.empty() || ill == sample.end() || well == sample.end()) return;
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
    const bool of_client = attempt.exchange.spec.flow.source.address == client;
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
