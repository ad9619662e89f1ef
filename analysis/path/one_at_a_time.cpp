#include "analysis/path/one_at_a_time.hpp"

#include <algorithm>

#include "analysis/model/in_order.hpp"

namespace hopblame {
namespace {

/// One may have had a reason of its own.
constexpr unsigned least_refused = 2;

struct Turn {
  TimePoint at;
  SynFate fate = SynFate::silent;
  std::uint16_t flow = 0;  ///< source port
};

std::vector<Turn> turns_of(const Contrast& contrast) {
  std::vector<Turn> turns;
  for (const auto* flows : {&contrast.through, &contrast.others})
    for (const auto& flow : *flows)
      for (const auto& one : flow.tries) turns.push_back({one.at, one.fate, flow.source_port});
  put_in_order(turns, &Turn::at);
  return turns;
}

}  // namespace

std::optional<Duration> held_by_last(const Contrast& contrast) {
  std::optional<Turn> last;
  Duration longest_held{}, soonest_free = Duration::max();
  unsigned refused = 0;
  for (const auto& turn : turns_of(contrast)) {
    const bool accepted = turn.fate == SynFate::accepted;
    if (!accepted && turn.fate != SynFate::reset) continue;
    if (!last && !accepted) return {};
    if (last && last->flow != turn.flow) {
      auto& bound = accepted ? soonest_free : longest_held;
      const auto since = turn.at - last->at;
      bound = accepted ? std::min(bound, since) : std::max(bound, since);
      refused += !accepted;
    }
    if (accepted) last = turn;
  }
  if (refused < least_refused || longest_held >= soonest_free) return {};
  return longest_held;
}

bool held_by_connect(const Contrast& contrast, TimePoint until) {
  const auto held = std::ranges::find(contrast.through, false, &PortFlow::raw);
  if (held == contrast.through.end()) return false;
  const auto accepted = std::ranges::find(held->tries, SynFate::accepted, &SynTry::fate);
  if (accepted == held->tries.end()) return false;
  unsigned refused = 0;
  for (const auto& turn : turns_of(contrast)) {
    const bool meanwhile = turn.at > accepted->at && turn.at < until;
    if (turn.flow == held->source_port) continue;
    if (turn.fate == SynFate::accepted && meanwhile) return false;
    if (turn.fate == SynFate::reset && !meanwhile) return false;
    refused += turn.fate == SynFate::reset;
  }
  return refused >= least_refused;
}

}  // namespace hopblame
