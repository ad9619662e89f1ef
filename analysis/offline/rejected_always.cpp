#include "analysis/offline/rejected_always.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

/// Of many attempts a few are kept.
bool are_all_kept(const Target& target, const std::vector<Attempt>& sample) {
  const auto kept = std::ranges::count_if(
      sample, [](const Attempt& attempt) { return attempt.outcome.has_value(); });
  return static_cast<std::uint32_t>(kept) == target.attempts.total;
}

}  // namespace

bool is_rejected(const Attempt& attempt) {
  return attempt.outcome == Outcome::rejected || attempt.outcome == Outcome::unreachable;
}

bool explain_silence(const std::vector<Attempt>& sample, const IpAddress& client) {
  constexpr Duration soon = std::chrono::seconds(2);
  return std::ranges::all_of(sample, [&](const Attempt& silent) {
    if (silent.outcome != Outcome::dropped || !is_of(silent, client)) return true;
    return std::ranges::any_of(sample, [&](const Attempt& other) {
      return is_rejected(other) && is_of(other, client) &&
             std::ranges::any_of(other.exchange.replies, [&](const Reply& reply) {
               return reply.at - silent.exchange.at < soon && silent.exchange.at - reply.at < soon;
             });
    });
  });
}

std::optional<Outcome> rejected_always(const Target& target, const std::vector<Attempt>& sample) {
  if (target.several_clients || !are_all_kept(target, sample)) return {};
  std::optional<Outcome> found;
  for (const auto& attempt : sample) {
    const auto& outcome = attempt.outcome;
    if (!outcome || outcome == Outcome::dropped || outcome == Outcome::inconclusive) continue;
    if (!is_rejected(attempt) || (found && found != outcome)) return {};
    found = outcome;
  }
  return found && explain_silence(sample, target.client) ? found : std::nullopt;
}

}  // namespace hopblame::offline
