#include "analysis/plan/planner.hpp"

#include <algorithm>

#include "analysis/path/half_open.hpp"
#include "analysis/path/held_back.hpp"
#include "analysis/path/rest.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/plan/ledger.hpp"
#include "analysis/plan/new_flows.hpp"
#include "analysis/plan/pacing.hpp"
#include "analysis/plan/wants.hpp"

namespace hopblame {
namespace {

// The bursts after the opening hold one beat of questions.
constexpr Allowance to_target{20, 10, 10}, to_hop{8, 5, 5};
/// What an ordinary connection sends after its SYN reaches the target as well: acknowledgments, and
/// what SSH says first.
constexpr unsigned sent_by_connection = 7;
constexpr unsigned opening_burst = 40, later_burst = 20, usual_rate = 50;

/// Two tries of one question are never closer than this on the slow beat: the router's allowance of
/// one ICMP answer a second must have come back in part.
constexpr Duration least_gap = std::chrono::milliseconds(500);

struct Waits {
  Duration patience, round_trip;
};

/// What is lost together in a burst is not all of what leaves so far apart.
constexpr Duration least_prompt = std::chrono::milliseconds(75);

/// As late as machines and ways differ by: that is no reason to wait for the next beat.
constexpr Duration grace = std::chrono::milliseconds(25);

/// The beat is counted from the start, so that questions asked late still end with the others.
TimePoint next_beat(TimePoint started, TimePoint last, Duration gap) {
  auto beat = started + try_spacing;
  while (beat + grace < last + gap) beat += try_spacing;
  return std::max(beat, last + gap);
}

/// Nor before the answer could be here, as far as is known.
Duration gap_of(Duration round_trip) { return std::max(least_gap, round_trip * 5 / 4); }

TimePoint due(const Want& want, const Asked& asked, TimePoint started, const Waits& waits) {
  const auto last = asked.tries.back();
  switch (want.rhythm) {
    case Rhythm::together: return last;
    case Rhythm::prompt: return last + std::max(least_prompt, 2 * waits.round_trip);
    case Rhythm::quick: return last + waits.patience;
    case Rhythm::slow: return next_beat(started, last, gap_of(waits.round_trip));
  }
  return last;
}

/// The third beat waits for the rest to end, and is the last.
bool waits_for_rest(const Situation& situation, const Rest& rest, const Want& want, TimePoint at) {
  return rest.until && want.rhythm == Rhythm::slow && at >= situation.started + 2 * try_spacing;
}

bool is_asked_after_rest(const Rest& rest, const Want& want, const Asked& asked) {
  return rest.ended && want.rhythm == Rhythm::slow && !asked.tries.empty() &&
         asked.tries.back() >= *rest.ended;
}

Allowance allowed_to_target(const Situation& situation) {
  auto allowance = to_target;
  const auto& connect = situation.connect;
  if (connect && connect->ended && connect->error == 0) allowance.opening -= sent_by_connection;
  return allowance;
}

/// Who wants fewer packets a second than usual wants fewer at once as well: else a burst that holds
/// most of a run would go out at any rate.
Allowance allowed_in_all(unsigned rate) {
  const auto share = [&](unsigned burst) {
    return std::max(1u, burst * std::min(rate, usual_rate) / usual_rate);
  };
  return {share(opening_burst), share(later_burst), rate};
}

TimePoint paced(const Situation& situation, const Ledger& ledger, HopLimit reach,
                const Question& question) {
  const auto now = situation.now;
  const auto at = allowed_at(ledger.all(), allowed_in_all(situation.goal.rate), now);
  if (question.hop_limit >= reach)
    return std::max(at,
                    allowed_at(ledger.reaching(reach.value), allowed_to_target(situation), now));
  return std::max(at, allowed_at(ledger.at(question.hop_limit), to_hop, now));
}

/// Where every answer is held back for seconds, what is asked on sight of it would take as long
/// again, and so on: nothing is begun after the time that one search for a neighbour takes.
constexpr Duration last_question = std::chrono::milliseconds(4200);

/// SYNs that were to arrive, also those nobody would ask any more: what they meet counts.
TimePoint under_way_until(std::span<const Exchange> exchanges, Duration wait) {
  TimePoint until = TimePoint::min();
  for (const auto& exchange : exchanges) {
    const bool counts = is_full_syn(exchange, Aim::target) || is_full_syn(exchange, Aim::control);
    if (counts && exchange.sent() && !exchange.answered())
      until = std::max(until, exchange.at + wait);
  }
  return until;
}

}  // namespace

Decision next_step(const Situation& situation) {
  const auto asked_for = answerable(situation.exchanges);
  const auto wants = wants_of({situation.goal, situation.vantage, asked_for, situation.connect,
                               situation.started, situation.now});
  if (wants.call_again) return CallAgain{};
  const Ledger ledger(situation.exchanges);
  const Waits waits{patience(situation.exchanges, situation.goal),
                    largest_round_trip(situation.exchanges)};
  const bool held_back = are_held_back(asked_for);
  const auto wait = held_back ? waits.round_trip + least_gap / 2 : waits.patience;
  const bool closed = held_back && situation.now >= situation.started + last_question;
  std::optional<TimePoint> earliest;
  bool resting = false, active = false;  // what is still to be asked
  const auto consider = [&](TimePoint at) { earliest = earliest ? std::min(*earliest, at) : at; };

  for (const auto& want : wants.questions) {
    const auto& asked = ledger.of(want.question);
    if (asked.answered || (closed && asked.tries.empty())) continue;
    if (closed || asked.tries.size() >= want.tries ||
        is_asked_after_rest(wants.rest, want, asked)) {
      const auto over = asked.tries.back() + wait;
      if (over > situation.now) consider(over);
      continue;
    }
    auto at = asked.tries.empty() ? situation.now : due(want, asked, situation.started, waits);
    at = std::max(at, paced(situation, ledger, wants.reach, want.question));
    const bool rests = waits_for_rest(situation, wants.rest, want, at);
    if (rests) at = std::max(at, *wants.rest.until);
    if (at <= situation.now) return Send{want.question};
    (rests ? resting : active) = true;
    consider(at);
  }
  if (resting && !active && disturbs_rest(situation.connect)) return HangUp{};
  if (const auto over = under_way_until(asked_for, wait); over > situation.now) consider(over);
  if (wants.not_before && *wants.not_before > situation.now) consider(*wants.not_before);
  if (earliest) return WaitUntil{*earliest};
  return Done{};
}

}  // namespace hopblame
