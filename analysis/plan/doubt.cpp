#include "analysis/plan/doubt.hpp"

#include <algorithm>

#include "analysis/model/level.hpp"
#include "analysis/path/attempts.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/plan/contrary.hpp"
#include "analysis/plan/new_flows.hpp"

namespace hopblame {
namespace {

/// Sent at once, so that a limit of one a second shows by its second pass; each burst has to be
/// waited for, and after five of them the user has waited long enough.
constexpr std::uint8_t a_burst = 6, most_bursts = 5;

bool all_waited_for(const Situation& situation, const State& state) {
  return std::ranges::all_of(situation.exchanges, [&](const Exchange& exchange) {
    const bool asked = is_full_syn(exchange, Aim::target) || is_full_syn(exchange, Aim::control);
    return !asked || exchange.answered() || exchange.at + state.patience <= situation.now;
  });
}

/// More SYNs to the port than to the other one went unanswered, and neither chance nor a rule is
/// excluded yet.
bool is_share_in_doubt(const DueAnswers& target, const DueAnswers& control) {
  const auto chance = chance_to_be_spared(target, control);
  return target.lost >= 3 && control.due >= few_flows && chance > level::asks_from &&
         chance < level::asks_to;
}

/// No burst had two answers yet, and loss alone may have had it so.
bool is_limit_in_doubt(const std::vector<Attempt>& attempts, const DueAnswers& target,
                       const DueAnswers& control) {
  const auto& witness = control.lost < control.due ? control : target;
  return target.lost >= 2 && !two_in_a_burst(attempts) &&
         chance_of_one_a_burst(attempts, witness.loss()) > level::asks_for_limit;
}

/// The answers so far leave it in doubt what loses some.
bool is_doubtful(const Situation& situation, const State& state) {
  if (may_be_by_flow(situation, state)) return false;
  const auto full = full_hop_limit.value;
  const auto target = due_answers(state.target, full, full);
  const auto control = due_answers(state.control, full, full);
  const auto attempts = attempts_of(state.target);
  return door_of(attempts, attempts_of(state.control)) == Door::doubt ||
         is_limit_in_doubt(attempts, target, control) || is_share_in_doubt(target, control);
}

}  // namespace

/// A burst more, and again, while it is in doubt. A burst begun is
/// finished.
std::uint8_t flows_against_doubt(const Situation& situation, const State& state) {
  unsigned asked = 0;
  for (const auto& exchange : situation.exchanges)
    if (is_full_syn(exchange, Aim::target) && exchange.spec.question.lane < first_scout)
      asked = std::max<unsigned>(asked, exchange.spec.question.lane);
  const unsigned bursts = asked <= few_flows ? 0 : (asked - few_flows + a_burst - 1) / a_burst;
  const bool more =
      bursts < most_bursts && all_waited_for(situation, state) && is_doubtful(situation, state);
  return static_cast<std::uint8_t>(few_flows + (bursts + more) * a_burst);
}

}  // namespace hopblame
