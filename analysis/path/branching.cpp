#include "analysis/path/branching.hpp"

#include <algorithm>
#include <set>

namespace hopblame {

std::optional<std::uint8_t> branches_at(const Walk& target, const Walk& control) {
  for (const auto& [distance, step] : target.steps) {
    if (distance >= full_hop_limit.value) return {};
    std::set<IpAddress> answered;
    const auto& owner = step.exchanges.front()->spec.flow.destination.address;
    const auto add = [&](const Step& some) {
      for (const auto* reply : some.time_exceeded)
        if (reply->from != owner) answered.insert(reply->from);
    };
    add(step);
    if (const auto same = control.steps.find(distance); same != control.steps.end())
      add(same->second);
    if (answered.size() > 1) return distance;
  }
  return {};
}

bool take_other_ways(const Walk& target, const Walk& control) {
  bool differ = false;
  for (const auto& [distance, step] : target.steps) {
    const auto other = control.steps.find(distance);
    if (distance >= full_hop_limit.value || other == control.steps.end()) continue;
    const auto& there = other->second.time_exceeded;
    const auto& owner = step.exchanges.front()->spec.flow.destination.address;
    const auto is_owner = [&](const Reply* reply) { return reply->from == owner; };
    const auto is_there = [&](const Reply* reply) {
      return std::ranges::find(there, reply->from, &Reply::from) != there.end();
    };
    const auto& here = step.time_exceeded;
    if (here.empty() || there.empty() || std::ranges::any_of(here, is_owner) ||
        std::ranges::any_of(there, is_owner))
      continue;
    differ = std::ranges::none_of(here, is_there);
  }
  return differ;
}

bool some_stay_silent(const std::vector<PortFlow>& flows) {
  unsigned silent = 0, answered = 0;
  for (const auto& flow : flows) {
    const bool once = flow.met(SynFate::silent);
    if (once && flow.fate != SynFate::silent) return false;
    silent += once && flow.tries.size() >= 2;
    answered += !once;
  }
  return silent >= 2 && answered > 0;
}

}  // namespace hopblame
