#include "analysis/compare/begun_before.hpp"

#include <algorithm>

#include "analysis/compare/forged_reset.hpp"
#include "analysis/compare/lost_data.hpp"
#include "analysis/compare/moved.hpp"
#include "analysis/compare/select.hpp"
#include "analysis/compare/untaken.hpp"

namespace hopblame::compare {
namespace {

/// No chance, where not a packet of it shows that the server's capture would have it.
constexpr unsigned many_copies = 3;

/// Without a SYN nothing tells whether a device between rewrites the numbers, but packets that are
/// the same at both ends.
bool is_known_again(const Attempt& attempt) {
  const auto arrives = [&](Way way) {
    return !select(attempt.journeys, way, [](const Journey& journey) {
              return journey.fate == Fate::arrived && segment_of(journey.seen());
            }).empty();
  };
  return arrives(Way::there) && arrives(Way::back);
}

std::optional<AttemptFinding> found(const Attempt& attempt, const Telling& tell) {
  if (auto finding = translated_anew(attempt, tell)) return finding;
  if (auto finding = forged_reset(attempt, tell)) return finding;
  if (auto finding = lost_data(attempt, tell)) return finding;
  return untaken(attempt, tell);
}

}  // namespace

std::optional<AttemptFinding> died(const Attempt& attempt, bool others) {
  const bool absent = !attempt.pair.server && !others;
  if (!absent && !is_known_again(attempt)) return {};
  auto finding = found(attempt, Telling(attempt.pair));
  if (!finding || (absent && finding->lost < many_copies)) return {};
  finding->text += " The connection was made before the captures began.";
  return finding;
}

}  // namespace hopblame::compare
