#include "analysis/plan/shut_out.hpp"

#include "analysis/path/attempts.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/plan/new_flows.hpp"

namespace hopblame {
namespace {

/// One may be lost, or meet a router that has spent its messages.
constexpr unsigned tries_a_hop = 2;

bool is_shut_out(const Situation& situation, const State& state) {
  if (!state.first_end || state.silent_flows == 0 || state.forms) return false;
  const auto until = situation.now - state.patience;
  return door_of(attempts_of(state.target, until), attempts_of(state.control, until)) == Door::shut;
}

}  // namespace

std::vector<Want> walk_of_shut_out(const Situation& situation, const State& state) {
  if (!is_shut_out(situation, state)) return {};
  const int host = state.distance_of_host().value_or(guessed_distance(state.first_end->hop_limit));
  std::vector<Want> wants;
  for (int hop = 1; hop < host; ++hop)
    wants.push_back({{ProbeKind::syn, Aim::target, shut_out_flow, {static_cast<std::uint8_t>(hop)}},
                     tries_a_hop,
                     Rhythm::quick});
  return wants;
}

}  // namespace hopblame
