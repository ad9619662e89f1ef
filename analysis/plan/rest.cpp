#include "analysis/plan/rest.hpp"

#include <algorithm>

#include "analysis/path/rejection.hpp"
#include "analysis/path/rest.hpp"

namespace hopblame {
namespace {

/// Only a router speaks of routes, and none stands before a neighbour on the own link.
bool goes_by_router(const Vantage& vantage) {
  return !vantage.target_is_local && (vantage.gateway || vantage.off_network);
}

/// Asked, waited for, and no answer to any.
bool is_mute(const Walk& walk, std::uint8_t hop, TimePoint until) {
  const auto step = walk.steps.find(hop);
  if (step == walk.steps.end() || walk.answered_at(hop)) return false;
  return std::ranges::any_of(step->second.exchanges,
                             [&](const Exchange* one) { return one->sent() && one->at < until; });
}

/// Routers speak, also beyond the hop after the last that lets the port pass, but that hop says
/// nothing to either flow: if a route of its own forbids the port, its allowance is spent.
bool is_next_hop_mute(const Situation& situation, const State& state) {
  const auto next = static_cast<std::uint8_t>(state.target.last_passed().value_or(0) + 1);
  const auto until = situation.now - state.patience;
  const bool goes_on = state.control.last_passed().value_or(0) > next ||
                       state.control.first_end().value_or(0) > next;
  return state.last_passed() > 0 && goes_on && is_mute(state.target, next, until) &&
         is_mute(state.control, next, until);
}

/// Nothing of the host was heard, or nothing of the router where the port's packets end. The
/// messages of IPv6 draw once, and ten times a second.
bool is_of_use(const Situation& situation, const State& state) {
  return situation.goal.target.address.family == Family::ipv4 && state.fate == Fate::silent &&
         goes_by_router(situation.vantage) &&
         (!state.heard_from_host || is_next_hop_mute(situation, state));
}

}  // namespace

bool is_to_call_again(const Situation& situation, const State& state) {
  return situation.connect && situation.connect->hung_up &&
         (state.fate == Fate::accepted || state.fate == Fate::reset);
}

Rest rest_of(const Situation& situation, const State& state) {
  if (!is_of_use(situation, state)) return {};
  const auto times = departures(situation.exchanges, situation.connect);
  Rest rest{std::ranges::none_of(situation.exchanges, is_rejected), {}, first_after_rest(times)};
  if (rest.wanted && !rest.ended && !times.empty()) rest.until = times.back() + allowance_restored;
  return rest;
}

}  // namespace hopblame
