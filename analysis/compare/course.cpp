#include "analysis/compare/course.hpp"

#include <algorithm>

namespace hopblame::compare {
namespace {

/// It is not known how it ended, or the client left before the service could say or do anything.
bool is_no_news(const AttemptFinding& attempt, const Course& before) {
  if (attempt.outcome == Outcome::inconclusive || attempt.perhaps_heard) return true;
  return attempt.hasty && attempt.outcome == Outcome::open &&
         (before.latest == Outcome::closed_early || before.latest == Outcome::silent_service);
}

/// When it turned out how it ends: a connection that dies is news of that time.
TimePoint settled_at(const AttemptFinding& attempt) {
  const bool later =
      attempt.outcome == Outcome::closed_early || attempt.outcome == Outcome::silent_service;
  return later ? attempt.last : attempt.at;
}

std::vector<const AttemptFinding*> by_end(const std::vector<AttemptFinding>& attempts) {
  std::vector<const AttemptFinding*> sorted;
  for (const auto& attempt : attempts) sorted.push_back(&attempt);
  std::ranges::stable_sort(sorted, {}, [](const auto* attempt) { return settled_at(*attempt); });
  return sorted;
}

bool has_died(const AttemptFinding& attempt) {
  return attempt.outcome == Outcome::silent_service &&
         (attempt.finding == Finding::data_lost || attempt.finding == Finding::data_ignored);
}

}  // namespace

Course course_of(const std::vector<AttemptFinding>& attempts) {
  Course course;
  auto asked_until = TimePoint::min();
  for (const auto* attempt : by_end(attempts)) {
    if (is_no_news(*attempt, course)) continue;
    // A connection that dies while others are asked in vain dies of the same.
    if (has_died(*attempt) && course.latest == Outcome::dropped && attempt->at < asked_until)
      continue;
    if (course.latest && attempt->outcome != course.latest) {
      // One that is still asked in vain then is no thing of the past.
      course.changes += attempt->at < asked_until ? 2 : 1;
      course.since = settled_at(*attempt);
    }
    course.latest = attempt->outcome;
    if (attempt->outcome == Outcome::dropped) asked_until = std::max(asked_until, attempt->last);
  }
  return course;
}

bool is_mended(const std::vector<AttemptFinding>& attempts) {
  const auto course = course_of(attempts);
  return course.changes == 1 && course.latest == Outcome::open &&
         std::ranges::none_of(attempts, has_died);
}

std::optional<TimePoint> changed_at(const std::vector<AttemptFinding>& attempts) {
  const auto course = course_of(attempts);
  const bool for_good = course.latest != Outcome::open || is_mended(attempts);
  return course.changes == 1 && for_good ? course.since : std::nullopt;
}

}  // namespace hopblame::compare
