#include "analysis/plan/ladder.hpp"

#include <algorithm>

#include "analysis/path/loss.hpp"
#include "analysis/path/odd_limits.hpp"
#include "analysis/plan/route_or_rule.hpp"

namespace hopblame {
namespace {

constexpr int first_wave = 6;     ///< hops asked at once while nothing tells the distance
constexpr int gap = 4;            ///< silent hops walked past before a walk without an end stops
constexpr int longest_leap = 16;  ///< a received hop limit may mislead: never leap farther at once

int last_passed(const Walk& walk) { return walk.last_passed().value_or(0); }

/// How far every hop was asked: single looks farther on leave gaps.
int highest_asked(const Walk& walk) {
  int highest = 0;
  for (const auto& [distance, step] : walk.steps)
    if (distance == highest + 1) highest = distance;
  return highest;
}

std::optional<int> measured_end(const Walk& walk) {
  const auto end = walk.first_end();
  if (!end || *end >= full_hop_limit.value) return {};
  return *end;
}

/// Where the first answer to a full-length probe should come from, as far as it can tell.
int guess(const Reply& reply) {
  int distance = likely_distance(reply.hop_limit);
  if (reply.icmp && reply.icmp->quote && reply.kind != ReplyKind::time_exceeded) {
    // A probe met the rejection with what was left of its hop limit; one with just enough meets it
    // too.
    const int travelled = full_hop_limit.value - reply.icmp->quote->hop_limit.value;
    if (travelled >= 0 && travelled < full_hop_limit.value) distance = travelled + 1;
  }
  return distance;
}

/// The farthest probe of the walk was waited for in vain.
bool is_top_silent(const Situation& situation, const State& state, const Walk& walk) {
  const auto top = walk.steps.find(static_cast<std::uint8_t>(highest_asked(walk)));
  return top != walk.steps.end() &&
         std::ranges::all_of(top->second.exchanges, [&](const Exchange* exchange) {
           return !exchange->answered() && situation.now >= exchange->at + state.patience;
         });
}

/// Goes on while the farthest probe still passes, or was met with silence short of a known end.
int extended(const Walk& walk, int wanted, int limit) {
  const int highest = highest_asked(walk);
  if (const auto end = measured_end(walk)) return *end;
  wanted = std::min(wanted, std::max(longest_leap, last_passed(walk) + longest_leap / 2));
  if (highest >= wanted && last_passed(walk) + gap > highest) wanted = last_passed(walk) + gap / 2;
  return std::min(wanted, limit);
}

/// A segment answered the probe of full length, so the end is somewhere: behind routers that keep
/// silent, or farther than the way back makes believe.
int to_the_end(const Situation& situation, const State& state, const Walk& walk, int wanted) {
  const int limit = std::min<int>(situation.goal.max_hops, wanted + 3 * gap);
  wanted = extended(walk, wanted, limit);
  if (measured_end(walk)) return wanted;
  const int highest = highest_asked(walk);
  if (highest >= wanted && is_top_silent(situation, state, walk)) wanted = highest + gap;
  return std::min(std::max(wanted, highest), limit);
}

int top_without_guess(const State& state) {
  const int passed = state.last_passed();
  return std::max(first_wave, passed + gap);
}

/// A RST or SYN/ACK that seems to come from elsewhere than the control port's answer: one probe
/// more shows whether a router in between lets the probe pass that dies at it.
bool answers_differ(const State& state) {
  return state.control_end && state.control_end->hop_limit != state.first_end->hop_limit;
}

/// The control flow was asked and kept silent: nothing tells the host's own place.
bool control_is_silent(const State& state) {
  return !state.control_end && state.control_waited_for;
}

bool place_in_doubt(const State& state) {
  return answers_differ(state) || control_is_silent(state);
}

/// As many routers answer as the SYN/ACK passed on its way back: the host is right behind them. It
/// may hold the first SYN of the walk half open for long, where our RST is lost, and then gives no
/// other SYN/ACK.
bool ends_behind_routers(const State& state) {
  return state.fate == Fate::accepted && !measured_end(state.target) &&
         last_passed(state.target) + 1 == guess(*state.first_end);
}

int target_top(const Situation& situation, const State& state) {
  const int limit = situation.goal.max_hops;
  if (state.first_end) {
    if (state.first_end->kind == ReplyKind::time_exceeded) return loop_top(state.target, limit);
    int wanted = guess(*state.first_end) + (place_in_doubt(state) ? 1 : 0);
    // The control flow finds the host's distance without spending what a limit on the port allows.
    if (const auto end = measured_end(state.control)) wanted = std::max(wanted, *end);
    if (ends_behind_routers(state)) return std::min(wanted, limit);
    if (state.fate == Fate::icmp || state.control_end) return extended(state.target, wanted, limit);
    return to_the_end(situation, state, state.target, wanted);
  }
  if (const auto end = measured_end(state.control))
    return std::min(limit, std::max(*end, last_passed(state.target) + 1));
  if (state.control_end && state.control_end->kind != ReplyKind::icmp_error)
    return extended(state.target, guess(*state.control_end), limit);
  if (state.echo_reply) return extended(state.target, guess(*state.echo_reply), limit);
  if (state.target.goes_round()) return loop_top(state.target, limit);
  return std::min(limit, top_without_guess(state));
}

/// When the same router rejects the control flow too, every probe that reaches it costs one of its
/// few ICMP answers: the control flow then stops short of it.
bool both_rejected(const State& state) {
  return state.fate == Fate::icmp && state.control_end &&
         state.control_end->kind == ReplyKind::icmp_error &&
         state.control_end->from == state.first_end->from;
}

int control_top(const Situation& situation, const State& state) {
  if (both_rejected(state)) return guess(*state.first_end) - 2;
  if (state.first_end && state.first_end->kind == ReplyKind::time_exceeded) return 0;
  if (!state.control_end || state.control_end->kind == ReplyKind::time_exceeded)
    return target_top(situation, state);
  if (state.control_end->kind == ReplyKind::icmp_error)
    return extended(state.control, guess(*state.control_end), situation.goal.max_hops);
  return to_the_end(situation, state, state.control, guess(*state.control_end));
}

/// The first SYN of the flow may still be answered. Who takes the next one for the same again (a
/// NAT that is a program) answers only one of them.
bool is_under_way(const Situation& situation, const State& state, const Walk& walk) {
  const auto full = walk.steps.find(full_hop_limit.value);
  if (full == walk.steps.end()) return false;
  return std::ranges::any_of(full->second.exchanges, [&](const Exchange* exchange) {
    return exchange->origin == Origin::raw && exchange->spec.question.lane == 0 &&
           !exchange->answered() && situation.now < exchange->at + state.patience;
  });
}

struct Effort {
  unsigned tries = 1;
  Rhythm rhythm = Rhythm::quick;
};

constexpr unsigned most_tries = 6;

/// Where packets got lost, a step is asked until chance no longer explains its silence.
unsigned tries_at_border(const Situation& situation, const State& state, unsigned otherwise) {
  const auto until = situation.now - state.patience;
  auto answers = direct_answers(state.target, until);
  answers += direct_answers(state.control, until);
  if (answers.lost == 0) return otherwise;
  return std::clamp(tries_against_chance(answers.loss()) / 2 + 1, otherwise, most_tries);
}

/// Between the last hop that anything passed and the end of either walk.
bool at_border(const State& state, int distance) {
  const auto end =
      std::max(measured_end(state.target).value_or(0), measured_end(state.control).value_or(0));
  return distance > state.last_passed() && distance < end;
}

/// What routers keep to themselves does not change that the port is open.
Rhythm asked_again(const State& state) {
  return state.fate == Fate::accepted ? Rhythm::prompt : Rhythm::quick;
}

/// The steps between the last pass and the end decide who is blamed: only they are worth asking
/// again.
Effort target_effort(const Situation& situation, const State& state, int distance) {
  const int passed = last_passed(state.target);
  const bool loops = state.first_end && state.first_end->kind == ReplyKind::time_exceeded;
  if (loops || state.target.goes_round()) return {2, Rhythm::slow};
  if (distance <= passed) return {};
  const unsigned tries = situation.goal.tries;
  switch (state.fate) {
    case Fate::accepted:
    case Fate::reset: {
      const auto usual = place_in_doubt(state) ? tries : std::min(tries, 2u);
      const bool border = at_border(state, distance);
      return {border ? tries_at_border(situation, state, usual) : usual, asked_again(state)};
    }
    // Its allowance spent, a router that rejects by its routing table would only spend it again.
    case Fate::icmp:
      return {state.bad_checksum_answered ? 1 : tries_at_rejecter(situation, state, tries),
              Rhythm::slow};
    case Fate::silent: return {distance <= passed + 2 ? tries : 2u, Rhythm::slow};
    default: return {};
  }
}

Effort control_effort(const Situation& situation, const State& state, int distance) {
  const int passed = last_passed(state.target);
  if (state.fate == Fate::silent && distance > passed && distance <= passed + 2)
    return {situation.goal.tries, Rhythm::slow};
  const unsigned usual = state.fate == Fate::reset &&
                                 (answers_differ(state) || state.control_unsent) &&
                                 distance >= passed
                             ? 2
                             : 1;
  if (state.fate != Fate::silent && at_border(state, distance))
    return {tries_at_border(situation, state, std::max(usual, 2u)), asked_again(state)};
  if (usual > 1) return {usual, Rhythm::quick};
  return {};
}

/// Nothing at all beyond a hop: many silent routers in a row look like the end. A few single looks
/// much farther on tell, where a walk without gaps would take too many packets.
std::vector<int> far_looks(const Situation& situation, const State& state) {
  if (state.fate != Fate::silent || state.heard_from_host || state.target.goes_round()) return {};
  const int passed = state.last_passed();
  std::vector<int> distances;
  for (const int beyond : {7, 11, 16})
    if (passed > 0 && passed + beyond <= situation.goal.max_hops)
      distances.push_back(passed + beyond);
  return distances;
}

/// A box that copies what is left of the probe's hop limit into its RST seems as far again behind
/// its place as it is from here: a probe with just enough for both ways, and one with one more,
/// show it.
std::vector<int> copy_looks(const Situation& situation, const State& state) {
  if (state.fate != Fate::reset || !answers_differ(state)) return {};
  const int there_and_back = guess(*state.first_end);
  if (there_and_back + 1 > situation.goal.max_hops) return {};
  return {there_and_back, there_and_back + 1};
}

}  // namespace

int loop_top(const Walk& walk, int limit) {
  if (const auto loop = walk.loop()) return loop->again;
  return std::min(limit, std::max(first_wave, last_passed(walk) + gap / 2));
}

std::vector<Want> ladder(const Situation& situation, const State& state) {
  std::vector<Want> wants;
  const auto ask = [&](Aim aim, int distance, Effort effort) {
    wants.push_back({{ProbeKind::syn, aim, 0, {static_cast<std::uint8_t>(distance)}},
                     effort.tries,
                     effort.rhythm});
  };
  const bool waits = state.fate == Fate::accepted && is_under_way(situation, state, state.target);
  const int top = target_top(situation, state);
  for (int distance = waits ? 0 : top; distance >= 1; --distance)
    ask(Aim::target, distance, target_effort(situation, state, distance));
  for (const int distance : far_looks(situation, state)) {
    ask(Aim::target, distance, {});
    ask(Aim::control, distance, {});
  }
  for (const int distance : copy_looks(situation, state))
    if (distance > top) ask(Aim::target, distance, {2, Rhythm::quick});
  // On an open port the first SYN to arrive holds the five-tuple half open for a moment, and the
  // ones behind it get no SYN/ACK: the shortest must be the first. In a loop every probe that lives
  // longer costs one of the few answers of the same two routers.
  const bool loops = state.first_end && state.first_end->kind == ReplyKind::time_exceeded;
  if (state.fate == Fate::accepted || loops || state.target.goes_round())
    std::ranges::reverse(wants);
  for (int distance = control_top(situation, state); distance >= 1; --distance)
    ask(Aim::control, distance, control_effort(situation, state, distance));
  return wants;
}

}  // namespace hopblame
