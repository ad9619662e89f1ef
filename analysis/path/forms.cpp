#include "analysis/path/forms.hpp"

#include <algorithm>
#include <utility>

namespace hopblame {
namespace {

struct Group {
  std::vector<const PortFlow*> flows;
  std::vector<std::pair<TimePoint, FrameId>> times;  ///< of their tries, in the order of leaving
};

Group group_of(const std::vector<PortFlow>& flows, Split split, bool ordinary) {
  Group group;
  for (const auto& flow : flows) {
    const bool is_ordinary = split == Split::by_mark ? is_unmarked(flow) : !flow.raw;
    if (is_ordinary != ordinary) continue;
    group.flows.push_back(&flow);
    for (const auto& one : flow.tries) group.times.emplace_back(one.at, one.exchange->left.back());
  }
  std::ranges::sort(group.times);
  return group;
}

/// The first answer of any, else silence.
SynFate fate_of(const Group& group) {
  for (const auto* flow : group.flows)
    if (flow->fate != SynFate::silent) return flow->fate;
  return SynFate::silent;
}

/// Every try, not only every answer. Where silence is not what the groups differ in it may be
/// chance, or a sender of rejections that may send only so many.
bool is_alike(const Group& group, SynFate fate, bool silence_counts) {
  return std::ranges::all_of(group.flows, [&](const PortFlow* flow) {
    return !flow->both && std::ranges::all_of(flow->tries, [&](const SynTry& one) {
      return one.fate == fate || (one.fate == SynFate::silent && !silence_counts);
    });
  });
}

/// One answer is no chance, one silence may be.
bool says_enough(const Group& group, SynFate fate) {
  return group.times.size() >= (fate == SynFate::silent ? 3 : 1);
}

/// Something of the one group came before the other's first, and something after its first again.
bool take_turns(const Group& one, const Group& other) {
  return one.times.front() < other.times.front() && one.times.back() > other.times.front();
}

/// Which of so many are the ordinary ones, if all that counts is how many there are of each.
double chance_of_split(std::size_t ordinary, std::size_t marked) {
  double ways = 1;
  for (std::size_t i = 1; i <= ordinary; ++i)
    ways *= static_cast<double>(marked + i) / static_cast<double>(i);
  return 1 / ways;
}

/// Those of which it is known how they fare. Who rejects may send only so many messages; what else
/// is silent was lost, or fares otherwise.
std::size_t known_in(const Group& group, bool silence_counts) {
  const bool may_be_silent = silence_counts || fate_of(group) == SynFate::rejected;
  return static_cast<std::size_t>(std::ranges::count_if(group.flows, [&](const PortFlow* flow) {
    return may_be_silent || flow->fate != SynFate::silent;
  }));
}

/// Another path, or another machine, answers a whole flow alike, so flows count; for connect()'s
/// alone the SYNs of it, which loss strikes one by one.
double chance(const Group& ordinary, const Group& marked, bool silence, Split split) {
  if (silence && split == Split::connect_alone)
    return chance_of_split(ordinary.times.size(), marked.times.size());
  return chance_of_split(known_in(ordinary, silence), known_in(marked, silence));
}

}  // namespace

bool is_unmarked(const PortFlow& flow) {
  return !flow.raw || flow.tries.front().exchange->spec.traffic_class != probe_traffic_class;
}

std::optional<Forms> forms_of(const std::vector<PortFlow>& flows, Split split) {
  const auto ordinary = group_of(flows, split, true), marked = group_of(flows, split, false);
  if (ordinary.flows.empty() || marked.flows.size() < 2) return {};
  const auto fate = fate_of(ordinary), other = fate_of(marked);
  const bool silence = fate == SynFate::silent || other == SynFate::silent;
  if (fate == other || !is_alike(ordinary, fate, silence) || !is_alike(marked, other, silence))
    return {};
  if (!says_enough(ordinary, fate) || !says_enough(marked, other)) return {};
  if (!take_turns(marked, ordinary) && !take_turns(ordinary, marked)) return {};
  if (std::ranges::none_of(ordinary.flows, [](const PortFlow* flow) { return !flow->raw; }))
    return {};
  const auto ours =
      std::ranges::count(ordinary.flows, true, [](const PortFlow* flow) { return flow->raw; });
  return Forms{fate, other, static_cast<unsigned>(ours), chance(ordinary, marked, silence, split)};
}

}  // namespace hopblame
