#pragma once
// How the attempts ended one after the other, as a reader of the client's capture counts it.

#include <optional>

#include "analysis/compare/comparison.hpp"

namespace hopblame::compare {

struct Course {
  unsigned changes = 0;              ///< of the outcome
  std::optional<Outcome> latest;     ///< absent: of none it is known how it ended
  std::optional<TimePoint> since{};  ///< it has been so; absent: always
};
[[nodiscard]] Course course_of(const std::vector<AttemptFinding>& attempts);

/// It failed, and since then it works. Not of connections that died while they were in use: that
/// new ones can be made does not mend them.
[[nodiscard]] bool is_mended(const std::vector<AttemptFinding>& attempts);

/// Once for good, into what the verdict is about. Absent: never, or more often.
[[nodiscard]] std::optional<TimePoint> changed_at(const std::vector<AttemptFinding>& attempts);

}  // namespace hopblame::compare
