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

/// Nothing of the host was heard. The messages of IPv6 draw once, and ten times a second.
bool is_of_use(const Situation& situation, const State& state) {
  return situation.goal.target.address.family == Family::ipv4 && state.fate == Fate::silent &&
         !state.heard_from_host && goes_by_router(situation.vantage);
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
