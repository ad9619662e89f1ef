#include "analysis/plan/loss_probes.hpp"

#include <algorithm>

#include "analysis/path/loss.hpp"
#include "analysis/plan/new_flows.hpp"

namespace hopblame {
namespace {

constexpr std::uint8_t most_flows = 21;
/// Probes that may reach the host at once. Of an open port those of a fifth of a second, beside
/// what an ordinary connection sends.
constexpr unsigned at_once = 20, at_once_when_open = 15;

/// Routers that answered either flow were due an answer to every probe.
DueAnswers routers_asked(const State& state, TimePoint until) {
  DueAnswers sum;
  for (std::uint8_t hop = 1; hop < full_hop_limit.value; ++hop) {
    if (!state.target.time_exceeded_at(hop) && !state.control.time_exceeded_at(hop)) continue;
    sum += asked_between(state.target, hop, hop, until);
    sum += asked_between(state.control, hop, hop, until);
  }
  return sum;
}

/// What may reach the host is used up.
std::uint8_t flows_without_wait(const Situation& situation, const State& state, unsigned most) {
  const auto distance = state.distance_of_host().value_or(full_hop_limit.value);
  const auto others = std::ranges::count_if(situation.exchanges, [&](const Exchange& exchange) {
    return exchange.spec.question.hop_limit.value >= distance &&
           !(is_full_syn(exchange, Aim::control) && exchange.spec.question.lane > few_flows);
  });
  const auto left = most - std::min<unsigned>(static_cast<unsigned>(others), most);
  return static_cast<std::uint8_t>(few_flows + left);
}

}  // namespace

/// More where routers answered only some of the probes that died there: do they send few messages,
/// or do packets get lost? Direct answers tell, which nobody limits: as many as it takes to lose
/// one, if the routers' share is chance. Nobody waits for that where the port is refused.
std::uint8_t flows_to_see_loss(const Situation& situation, const State& state) {
  const auto until = situation.now - state.patience;
  auto direct = direct_answers(state.target, until);
  direct += direct_answers(state.control, until);
  const auto routers = routers_asked(state, until);
  if (direct.lost > 0) return few_flows;
  const bool open = state.fate == Fate::accepted, silent = state.fate == Fate::silent;
  const auto usual = open ? flows_without_wait(situation, state, at_once_when_open) : few_flows;
  if (routers.lost == 0) return usual;
  const auto enough = std::min<unsigned>(tries_to_lose_one(routers.loss()), most_flows);
  const auto wanted = std::max(usual, static_cast<std::uint8_t>(enough));
  return open || silent ? wanted : std::min(wanted, flows_without_wait(situation, state, at_once));
}

}  // namespace hopblame
