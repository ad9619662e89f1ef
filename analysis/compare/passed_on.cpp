#include "analysis/compare/passed_on.hpp"

#include <algorithm>
#include <utility>

#include "analysis/compare/seen_again.hpp"

namespace hopblame::compare {
namespace {

/// Who masquerades passes it on with another sender. A tool that asks many may use one number, but
/// neither one sender more nor one ID.
bool masquerades(const Call& call, const Call& copy) {
  return call.flow.destination == copy.flow.destination &&
         call.flow.source.address != copy.flow.source.address;
}

/// Who forwards a port passes it on to another address or port, as routers do: with a hop less.
bool forwards(const Call& call, const Call& copy) {
  return call.flow.destination != copy.flow.destination &&
         copy.syn()->hop_limit < call.syn()->hop_limit;
}

/// Calls with a SYN that can be known again, those of one number side by side, in order.
std::vector<std::size_t> by_number(const std::vector<Call>& calls) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (const auto* syn = calls[i].syn(); syn && syn->ip_id_or_flow_label != 0) found.push_back(i);
  std::ranges::stable_sort(found, {}, [&](std::size_t i) { return *calls[i].isn; });
  return found;
}

}  // namespace

std::vector<Call> joined(std::vector<Call> calls) {
  const auto order = by_number(calls);
  std::vector<bool> is_copy(calls.size());
  for (std::size_t i = 1; i < order.size(); ++i) {
    auto& before = calls[order[i - 1]];
    const auto& copy = calls[order[i]];
    if (before.isn != copy.isn || !is_same_syn(*before.syn(), *copy.syn())) continue;
    const bool same_target = masquerades(before, copy);
    if (!same_target && !forwards(before, copy)) continue;
    before.passed_on = copy.flow;
    is_copy[order[i]] = same_target;
  }
  if (std::ranges::count(is_copy, true) == 0) return calls;
  std::vector<Call> kept;
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (!is_copy[i]) kept.push_back(std::move(calls[i]));
  return kept;
}

}  // namespace hopblame::compare
