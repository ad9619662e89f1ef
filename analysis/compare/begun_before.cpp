#include "analysis/compare/begun_before.hpp"

#include <algorithm>

#include "analysis/compare/forged_reset.hpp"
#include "analysis/compare/lost_data.hpp"
#include "analysis/compare/moved.hpp"
#include "analysis/compare/questions.hpp"
#include "analysis/compare/unheard.hpp"
#include "analysis/compare/untaken.hpp"

namespace hopblame::compare {
namespace {

/// No chance, where not a packet of it shows that the server's capture would have it.
constexpr unsigned many_copies = 3;

/// Without a SYN nothing tells whether a device between rewrites the numbers, but a packet that is
/// the same at both ends: it bears those of both ways.
bool arrives_unchanged(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return journey.fate == Fate::arrived && segment && segment->has(tcp_flag::ack) &&
         !segment->is_reset();
}

std::uint32_t next_number(const TcpSegment& segment) {
  return segment.sequence + segment.payload + (segment.has(tcp_flag::syn) ? 1 : 0);
}

/// Or one with which the client goes on where the server's capture of the same ports ends.
bool goes_on(const CallPair& pair) {
  const auto &here = pair.client->there, &far = pair.server->back;
  if (here.empty() || far.empty() || pair.client->flow != pair.server->flow) return false;
  const auto *next = segment_of(*here.front()), *last = segment_of(*far.back());
  return next && last && next->has(tcp_flag::ack) && next->sequence == last->acknowledgment &&
         next->acknowledgment == next_number(*last);
}

bool is_known_again(const Attempt& attempt) {
  return std::ranges::any_of(attempt.journeys, arrives_unchanged) ||
         (attempt.pair.server && goes_on(attempt.pair));
}

std::optional<AttemptFinding> found(const Attempt& attempt, const Telling& tell) {
  if (auto finding = translated_anew(attempt, tell)) return finding;
  if (auto finding = forged_reset(attempt, tell)) return finding;
  if (auto finding = lost_data(attempt, tell)) return finding;
  if (auto finding = unheard(attempt, tell)) return finding;
  if (auto finding = unanswered_questions(attempt, tell)) return finding;
  return untaken(attempt, tell);
}

}  // namespace

std::optional<AttemptFinding> died(const Attempt& attempt, bool others) {
  const bool absent = !attempt.pair.server && !others;
  if (!absent && !is_known_again(attempt)) return {};
  auto finding = found(attempt, Telling(attempt.pair));
  if (!finding || (absent && finding->lost < many_copies)) return {};
  const bool seen_made = attempt.pair.server && attempt.pair.server->isn;
  finding->text += seen_made ? " The connection was made before the client's capture began."
                             : " The connection was made before the captures began.";
  return finding;
}

}  // namespace hopblame::compare
