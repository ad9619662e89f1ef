#include "analysis/compare/decisive.hpp"

#include <algorithm>
#include <map>

#include "analysis/compare/course.hpp"

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

namespace {

/// Else the last.
std::size_t last_that_tells(const std::vector<AttemptFinding>& attempts) {
  const auto open = std::find_if(attempts.rbegin(), attempts.rend(), [](const auto& attempt) {
    return tells(attempt) && attempt.outcome == Outcome::open;
  });
  const auto found = open == attempts.rend() ? attempts.rbegin() : open;
  return static_cast<std::size_t>(attempts.rend() - found) - 1;
}

}  // namespace

std::optional<std::size_t> decisive(const std::vector<AttemptFinding>& attempts) {
  if (!attempts.empty() && is_mended(attempts)) return last_that_tells(attempts);
  const auto course = course_of(attempts);
  const bool news = course.changes == 1 && course.latest != Outcome::open;
  std::map<Finding, std::size_t> counts;
  for (const auto& attempt : attempts)
    if (failed(attempt)) ++counts[attempt.finding];
  const auto weight = [&](const AttemptFinding& of) -> std::size_t {
    if (news && of.outcome != course.latest) return 0;
    if (of.perhaps_heard) return 2;
    return failed(of) ? counts[of.finding] + 2 : failed_unwatched(of) ? 2 : tells(of) ? 1 : 0;
  };
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < attempts.size(); ++i)
    if (!best || weight(attempts[i]) > weight(attempts[*best])) best = i;
  return best;
}

}  // namespace hopblame::compare
