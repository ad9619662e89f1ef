#include "analysis/offline/at_the_end.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

/// Answers vary: one that takes this many times as long as the slowest before it is late.
constexpr int late = 3;

bool is_waiting(const Attempt& attempt) {
  return attempt.outcome == Outcome::inconclusive && !attempt.exchange.answered() &&
         !attempt.unseen && !attempt.joined;
}

/// How long the slowest answer to a first SYN took.
std::optional<Duration> slowest_answer(const std::vector<Attempt>& sample) {
  std::optional<Duration> slowest;
  for (const auto& attempt : sample) {
    if (attempt.outcome != Outcome::open || attempt.exchange.left.size() != 1) continue;
    if (const auto* answer = first_of(attempt, ReplyKind::syn_ack))
      slowest = std::max(slowest.value_or(Duration{}), answer->at - attempt.exchange.at);
  }
  return slowest;
}

Text just_asked(Duration waited) {
  return say(
      "The capture ends {} ms after the SYN of its last attempt: that was just asked, and whether "
      "it is answered is not shown.",
      Milliseconds{waited});
}

Text may_be_silent(const Attempt& last, Duration waited, Duration slowest) {
  const auto syns = last.exchange.left.size();
  return say(
      "The last attempt ({} SYN{}) had no answer when the capture ended, {} s after it began, and "
      "each before it was answered within {} ms: silence may have begun then. A capture that goes "
      "on for a minute longer tells.",
      syns, plural(syns), Seconds{waited}, Milliseconds{slowest});
}

}  // namespace

std::optional<Caveat> undecided_at_end(const Capture& capture, const Target& target,
                                       const std::vector<Attempt>& sample) {
  if (target.latest != Outcome::open || sample.empty() || !is_waiting(sample.back())) return {};
  const auto& last = sample.back();
  const auto slowest = slowest_answer(sample);
  if (!slowest || last.exchange.at < target.last) return {};
  const auto waited = capture.facts.horizon - last.exchange.at;
  return Caveat{CaveatId::short_run, waited < late * *slowest
                                         ? just_asked(waited)
                                         : may_be_silent(last, waited, *slowest)};
}

}  // namespace hopblame::offline
