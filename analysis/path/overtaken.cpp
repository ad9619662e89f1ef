#include "analysis/path/overtaken.hpp"

#include <algorithm>

#include "analysis/path/loss.hpp"

namespace hopblame {
namespace {

using Probes = std::vector<const Exchange*>;

Probes probes_from(const Walk& walk, std::uint8_t first) {
  Probes probes;
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

Duration longest_wait(const Probes& probes) {
  Duration longest{};
  for (const auto* probe : probes)
    if (const auto* answer = answer_to(*probe)) longest = std::max(longest, answer->at - probe->at);
  return longest;
}

bool follows(const Exchange& later, const Exchange& probe) {
  return later.origin == Origin::raw && !later.left.empty() && later.spec.flow == probe.spec.flow &&
         later.spec.sequence != probe.spec.sequence && probe.left.front() < later.left.front();
}

/// Another of its five-tuple left within `time` of it, and went as far as `first` at least.
bool is_overtaken(const Walk& walk, const Exchange& probe, Duration time, std::uint8_t first) {
  return std::ranges::any_of(walk.steps, [&](const auto& entry) {
    return entry.first >= first &&
           std::ranges::any_of(entry.second.exchanges, [&](const Exchange* later) {
             return follows(*later, probe) && later->at < probe.at + time;
           });
  });
}

/// connect() had to repeat its SYN.
bool has_silent_call(const Walk& walk) {
  return std::ranges::any_of(walk.steps, [](const auto& entry) {
    return std::ranges::any_of(entry.second.exchanges, [](const Exchange* call) {
      return call->origin == Origin::kernel && (!answer_to(*call) || silent_copies(*call) > 0);
    });
  });
}

}  // namespace

Probes overtaken(const Walk& walk, std::uint8_t first) {
  auto probes = probes_from(walk, first);
  const auto wait = longest_wait(probes);
  Probes unheard;
  for (const auto* probe : probes) {
    const bool answered = answer_to(*probe) != nullptr;
    // The one that followed close behind got as far, and so by whoever keeps state on the way.
    if (answered && is_overtaken(walk, *probe, wait / 8, first)) return {};
    if (answered) continue;
    if (!is_overtaken(walk, *probe, wait, 1)) return {};
    unheard.push_back(probe);
  }
  return unheard;
}

bool is_followed(const Walk& walk, const Exchange& probe) {
  return is_overtaken(walk, probe, longest_wait(probes_from(walk, 1)), 1);
}

bool has_lone_silence(const Walk& walk) {
  const auto end = walk.first_end();
  if (!end || !walk.steps.at(*end).ends.front()->segment) return false;
  const auto probes = probes_from(walk, *end), all = probes_from(walk, 1);
  const auto wait = longest_wait(probes);
  const auto is_alone = [&](const Exchange* probe) {
    return std::ranges::none_of(all, [&](const Exchange* other) {
      return (follows(*other, *probe) && other->at < probe->at + wait) ||
             (follows(*probe, *other) && probe->at < other->at + wait);
    });
  };
  return has_silent_call(walk) || std::ranges::any_of(probes, [&](const Exchange* probe) {
           return !answer_to(*probe) && is_alone(probe);
         });
}

}  // namespace hopblame
