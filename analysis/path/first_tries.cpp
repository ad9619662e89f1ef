#include "analysis/path/first_tries.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/model/in_order.hpp"
#include "analysis/model/level.hpp"

namespace hopblame {
namespace {

/// One lost and the next one not, at whatever loss: no more often.
constexpr double at_most_of_a_flow = 0.25;

/// A fault that ends makes one: all are silent, then all are answered.
constexpr unsigned not_all_before = 3;
/// Fewer show no habit.
constexpr std::size_t enough_later = 3;

/// A device on the way may have kept the SYN that opened a flow, be it one that was to die behind
/// it: such a flow is no witness of first SYNs.
///
/// Some got an answer, and then others got none, or the other way round.
unsigned turns(const std::vector<PortFlow>& flows) {
  std::vector<SynTry> tries;
  for (const auto& flow : flows) tries.insert(tries.end(), flow.tries.begin(), flow.tries.end());
  put_in_order(tries, &SynTry::at);
  unsigned count = 0;
  for (std::size_t i = 1; i < tries.size(); ++i)
    count += (tries[i].fate == SynFate::silent) != (tries[i - 1].fate == SynFate::silent);
  return count;
}

}  // namespace

bool may_lose_first(const std::vector<PortFlow>& flows) {
  const auto first_silent = [](const PortFlow& flow) {
    return flow.opened_by_step || flow.tries.front().fate == SynFate::silent;
  };
  return std::ranges::all_of(flows, first_silent) && answered_later(flows) >= enough_later &&
         turns(flows) >= not_all_before;
}

std::size_t answered_later(const std::vector<PortFlow>& flows) {
  return static_cast<std::size_t>(std::ranges::count_if(
      flows, [](const PortFlow& flow) { return flow.silences() < flow.tries.size(); }));
}

bool takes_turns(const std::vector<PortFlow>& flows) { return turns(flows) >= 4; }

bool is_first_lost(const std::vector<PortFlow>& flows) {
  unsigned asked_again = 0;
  for (const auto& flow : flows) {
    if (flow.opened_by_step) continue;
    if (flow.tries.front().fate != SynFate::silent) return false;
    const bool followed = flow.tries.size() > 1;
    if (followed && flow.silences() > 1) return false;
    asked_again += followed;
  }
  return turns(flows) >= not_all_before &&
         std::pow(at_most_of_a_flow, asked_again) < level::limit_or_ban;
}

}  // namespace hopblame
