#include "analysis/offline/one_behind.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

constexpr std::size_t most_targets = 64;  ///< of a larger capture this would be too much work
/// It asks on as soon as it has accepted, or has read what is asked.
constexpr Duration soon = std::chrono::seconds(1);
/// Of one pair alone, that it is no chance.
constexpr Duration at_once = std::chrono::milliseconds(100);

using Failures = std::vector<const Attempt*>;

bool is_failure(Outcome outcome) {
  return fails_to_connect(outcome) || outcome == Outcome::closed_early ||
         outcome == Outcome::silent_service;
}

Failures failures_of(const std::vector<Attempt>& sample) {
  Failures found;
  for (const auto& attempt : sample)
    if (attempt.outcome && is_failure(*attempt.outcome) && !attempt.unseen && !attempt.joined &&
        !is_limited(attempt))
      found.push_back(&attempt);
  return found;
}

/// It waits until its last answer; in vain, for a while longer.
TimePoint end_of(const Attempt& attempt) {
  auto end = attempt.touched;
  for (const auto& reply : attempt.exchange.replies) end = std::max(end, reply.at);
  return attempt.outcome == Outcome::dropped ? end + soon : end;
}

/// The one begins while the other waits.
bool is_behind(const Attempt& front, const Attempt& back) {
  const auto after = back.exchange.at - front.exchange.at;
  return fails_to_connect(*back.outcome) && after > Duration{} && after <= soon &&
         back.exchange.at <= end_of(front);
}

/// Of one side's failures.
struct Share {
  std::size_t paired = 0, all = 0;
  bool few_known = false;
};

struct Pairs {
  std::size_t fronts = 0, backs = 0;  ///< that have one of the other kind
  Duration longest{};
  std::vector<FrameId> frames;  ///< of the first
};

Pairs pairs_of(const Failures& fronts, const Failures& backs) {
  Pairs pairs;
  for (const auto* front : fronts) {
    const auto back =
        std::ranges::find_if(backs, [&](const Attempt* one) { return is_behind(*front, *one); });
    if (back == backs.end()) continue;
    const auto after = (*back)->exchange.at - front->exchange.at;
    pairs.longest = std::max(pairs.longest, after);
    if (pairs.fronts++ == 0)
      pairs.frames = {front->exchange.left.front(), (*back)->exchange.left.front()};
  }
  pairs.backs = static_cast<std::size_t>(std::ranges::count_if(backs, [&](const Attempt* back) {
    return std::ranges::any_of(fronts,
                               [&](const Attempt* front) { return is_behind(*front, *back); });
  }));
  return pairs;
}

/// Each of these, and half of the others at least; of several clients only a few are known.
bool is_no_chance(Duration longest, const Share& mine, const Share& theirs) {
  const bool each = mine.few_known ? mine.paired > 0 : mine.paired == mine.all;
  const bool half = theirs.few_known || 2 * theirs.paired >= theirs.all;
  return mine.paired > 0 && each && half && (mine.paired > 1 || longest <= at_once);
}

Term fares(Outcome outcome) {
  switch (outcome) {
    case Outcome::refused: return Term("is refused");
    case Outcome::dropped: return Term("gets no answer");
    default: return Term("fails");
  }
}

Text one_behind(const Endpoint& end, const Failures& backs, const Endpoint& target,
                Duration longest) {
  const auto& back = *backs.front();
  const auto& asks = back.exchange.spec.flow.source.address;
  if (asks == target.address)
    return say(
        "At most {} ms later {} itself asks port {} of {} and {}, as a proxy "
        "or load balancer does for its clients: then the fault is there.",
        Milliseconds{longest}, asks, end.port, end.address, fares(*back.outcome));
  return say(
      "At most {} ms later {} asks port {} of {} and {}: if that is the proxy "
      "or load balancer behind {}, it asks there for this client, and the fault is there.",
      Milliseconds{longest}, asks, end.port, end.address, fares(*back.outcome), target.address);
}

Text one_in_front(const Endpoint& end, const Failures& fronts, const IpAddress& client,
                  Duration longest) {
  return say(
      "At most {} ms before, {} asks port {} of {}, and fails as well: if {} "
      "is the proxy or load balancer there, it asks here for that client, which fails because of "
      "this.",
      Milliseconds{longest}, fronts.front()->exchange.spec.flow.source.address, end.port,
      end.address, client);
}

bool is_of_others(const Failures& failures, const IpAddress& client) {
  return std::ranges::none_of(failures,
                              [&](const Attempt* attempt) { return is_of(*attempt, client); });
}

}  // namespace

std::optional<Evidence> fails_together(const Book& book, const Target& target,
                                       const std::vector<Attempt>& sample, Outcome outcome,
                                       const IpAddress& client) {
  if (!is_failure(outcome) || book.targets().size() > most_targets) return {};
  auto mine = failures_of(sample);
  std::erase_if(mine, [&](const Attempt* attempt) {
    return attempt->outcome != outcome || (!target.several_clients && !is_of(*attempt, client));
  });
  if (mine.empty()) return {};
  for (const auto& other : book.targets()) {
    const auto& end = other.endpoint;
    if (end.address == target.endpoint.address) continue;
    const auto others = book.sample_of(other);
    const auto theirs = failures_of(others);
    if (theirs.empty() || !is_of_others(theirs, client)) continue;
    if (auto pairs = pairs_of(mine, theirs);
        is_no_chance(pairs.longest, {pairs.fronts, mine.size(), target.several_clients},
                     {pairs.backs, theirs.size(), target.several_clients}))
      return Evidence{one_behind(end, theirs, target.endpoint, pairs.longest),
                      std::move(pairs.frames)};
    if (auto pairs = pairs_of(theirs, mine);
        is_no_chance(pairs.longest, {pairs.backs, mine.size(), other.several_clients},
                     {pairs.fronts, theirs.size(), other.several_clients}))
      return Evidence{one_in_front(end, theirs, client, pairs.longest), std::move(pairs.frames)};
  }
  return {};
}

}  // namespace hopblame::offline
