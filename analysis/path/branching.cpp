#include "analysis/path/branching.hpp"

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
