#include "analysis/offline/missed.hpp"

#include <algorithm>
#include <utility>

namespace hopblame::offline {
namespace {

/// Of one answer and one silence either may be the exception.
constexpr std::uint32_t fewest_answered = 2;
/// Who misses more of them than one in so many sees too little for this to be chance.
constexpr std::uint32_t seldom = 8;

/// Stacks that wait in vain repeat it.
bool is_lone(const Attempt& attempt) {
  return attempt.by_stack && attempt.exchange.left.size() == 1 && !attempt.exchange.answered();
}

/// How all others fared; absent: they did not fare alike.
std::optional<Outcome> of_all_others(const Tally& tally) {
  const auto others = tally.total - tally.dropped;
  if (tally.open == others) return Outcome::open;
  if (tally.refused == others) return Outcome::refused;
  if (tally.rejected == others) return Outcome::rejected;
  return {};
}

/// Silence that lasts begins and ends once.
bool are_apart(const Target& target) {
  const auto missed = target.attempts.dropped;
  return target.changes + 1 >= 2 * missed;
}

}  // namespace

std::optional<Target> without_missed(const Target& target, const std::vector<Attempt>& sample) {
  const auto& tally = target.attempts;
  const auto missed = tally.dropped;
  if (missed == 0 || target.latest == Outcome::dropped || !are_apart(target)) return {};
  if (tally.total - missed < fewest_answered) return {};
  if (missed > 1 && missed * seldom > tally.total) return {};
  const auto outcome = of_all_others(tally);
  const bool lone = std::ranges::all_of(sample, [](const Attempt& attempt) {
    return attempt.outcome != Outcome::dropped || is_lone(attempt);
  });
  if (!outcome || !lone) return {};
  auto steady = target;
  steady.latest = steady.worst = outcome;
  steady.changes = 0;
  steady.attempts.other += std::exchange(steady.attempts.dropped, 0);
  return steady;
}

Caveat of_missed(const Target& target) {
  const auto missed = target.attempts.dropped, total = target.attempts.total;
  return {CaveatId::short_run,
          missed == 1
              ? say("1 of {} attempts is a SYN without an answer that its stack did not repeat, as "
                    "stacks do that wait in vain: the capture missed the answer, or the program "
                    "gave up within a second. It is not counted as dropped.",
                    total)
              : say("{} of {} attempts, each alone among the others, are SYNs without an answer "
                    "that their stack did not repeat, as stacks do that wait in vain: the capture "
                    "missed the answers, or the program gave up within a second. They are not "
                    "counted as dropped.",
                    missed, total)};
}

}  // namespace hopblame::offline
