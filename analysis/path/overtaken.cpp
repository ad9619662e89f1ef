#include "analysis/path/overtaken.hpp"

#include <algorithm>

#include "analysis/path/loss.hpp"

namespace hopblame {
namespace {

std::vector<const Exchange*> probes_from(const Walk& walk, std::uint8_t first) {
  std::vector<const Exchange*> probes;
  for (const auto& [distance, step] : walk.steps)
    if (distance >= first)
      std::ranges::copy_if(step.exchanges, std::back_inserter(probes), [](const Exchange* probe) {
        return probe->origin == Origin::raw && !probe->left.empty();
      });
  return probes;
}

const Reply* answer_to(const Exchange& probe) {
  const auto found = std::ranges::find_if(probe.replies, is_due_answer);
  return found == probe.replies.end() ? nullptr : &*found;
}

Duration longest_wait(const std::vector<const Exchange*>& probes) {
  Duration longest{};
  for (const auto* probe : probes)
    if (const auto* answer = answer_to(*probe)) longest = std::max(longest, answer->at - probe->at);
  return longest;
}

bool follows(const Exchange& later, const Exchange& probe) {
  return later.origin == Origin::raw && !later.left.empty() && later.spec.flow == probe.spec.flow &&
         later.spec.sequence != probe.spec.sequence && probe.left.front() < later.left.front();
}

template <typename Wanted>
bool is_overtaken(const Walk& walk, const Exchange& probe, TimePoint until, Wanted by) {
  return std::ranges::any_of(walk.steps, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.exchanges, [&](const Exchange* later) {
      return follows(*later, probe) && later->at < until && by(*later);
    });
  });
}

/// The one that followed close behind got as far, and so by whoever keeps state on the way.
bool passes_all_the_same(const Walk& walk, const Exchange& probe, std::uint8_t first,
                         Duration wait) {
  return answer_to(probe) &&
         is_overtaken(walk, probe, probe.at + wait / 8, [&](const Exchange& later) {
           return later.spec.question.hop_limit.value >= first;
         });
}

}  // namespace

std::vector<const Exchange*> overtaken(const Walk& walk, std::uint8_t first) {
  auto probes = probes_from(walk, first);
  const auto wait = longest_wait(probes);
  const bool passes = std::ranges::any_of(probes, [&](const Exchange* probe) {
    return passes_all_the_same(walk, *probe, first, wait);
  });
  if (passes) return {};
  std::erase_if(probes, [&](const Exchange* probe) {
    const auto any = [](const Exchange&) { return true; };
    return answer_to(*probe) || !is_overtaken(walk, *probe, probe->at + wait, any);
  });
  return probes;
}

}  // namespace hopblame
