#include "analysis/compare/decisive.hpp"

#include <map>

namespace hopblame::compare {

bool tells(const AttemptFinding& attempt) {
  return attempt.finding != Finding::not_covered && attempt.finding != Finding::not_shown &&
         attempt.finding != Finding::unclear;
}

bool failed(const AttemptFinding& attempt) {
  return tells(attempt) && attempt.finding != Finding::answered;
}

bool failed_unwatched(const AttemptFinding& attempt) {
  const bool unwatched =
      attempt.finding == Finding::not_covered || attempt.finding == Finding::not_shown;
  return unwatched && attempt.outcome != Outcome::open && attempt.outcome != Outcome::inconclusive;
}

std::optional<std::size_t> decisive(const std::vector<AttemptFinding>& attempts) {
  std::map<Finding, std::size_t> counts;
  for (const auto& attempt : attempts)
    if (failed(attempt)) ++counts[attempt.finding];
  const auto weight = [&](const AttemptFinding& of) {
    return failed(of) ? counts[of.finding] + 2 : failed_unwatched(of) ? 2 : tells(of) ? 1 : 0;
  };
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < attempts.size(); ++i)
    if (!best || weight(attempts[i]) > weight(attempts[*best])) best = i;
  return best;
}

}  // namespace hopblame::compare
