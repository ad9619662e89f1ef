#include "analysis/offline/by_flow.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/model/level.hpp"

namespace hopblame::offline {
namespace {

struct Flows {
  std::vector<const Attempt*> silent, open;
  unsigned repeated = 0;  ///< SYNs of silent ones after the first of each
  bool both = false;      ///< a flow that lost a SYN, and was answered
};

Flows sorted(const std::vector<Attempt>& sample, const IpAddress& client) {
  Flows flows;
  for (const auto& attempt : sample) {
    const auto& exchange = attempt.exchange;
    if (!is_call_of(attempt, client) || exchange.left.empty()) continue;
    if (!exchange.answered()) {
      flows.silent.push_back(&attempt);
      flows.repeated += static_cast<unsigned>(exchange.left.size() - 1);
    } else if (exchange.left.size() == 1) {
      flows.open.push_back(&attempt);
    } else {
      flows.both = true;
    }
  }
  return flows;
}

bool all_are(const std::vector<const Attempt*>& flows, bool odd) {
  return std::ranges::all_of(flows, [&](const Attempt* flow) {
    return (flow->exchange.spec.flow.source.port % 2 != 0) == odd;
  });
}

/// What a hash of two ways often comes to.
Term parity(const Flows& flows) {
  constexpr std::size_t enough = 4;
  if (flows.silent.size() < enough || flows.open.size() < enough) return Term("");
  if (all_are(flows.silent, true) && all_are(flows.open, false))
    return Term(" The source ports of the former are all odd, those of the latter all even.");
  if (all_are(flows.silent, false) && all_are(flows.open, true))
    return Term(" The source ports of the former are all even, those of the latter all odd.");
  return Term("");
}

std::vector<FrameId> begins(const Flows& flows) {
  std::vector<FrameId> frames;
  for (const auto* some : {&flows.silent, &flows.open})
    for (const auto* flow : *some) frames.push_back(flow->exchange.left.front());
  return frames;
}

/// Of those attempts that are like the step: absent, there are none.
template <class Alike>
std::optional<bool> get_through(const std::vector<Attempt>& sample, Alike alike) {
  std::optional<bool> all;
  for (const auto& attempt : sample) {
    const bool tells = attempt.outcome == Outcome::open || attempt.outcome == Outcome::dropped;
    if (!tells || !alike(attempt.exchange.spec)) continue;
    all = all.value_or(true) && attempt.outcome == Outcome::open;
  }
  return all;
}

}  // namespace

bool is_step_of_others(const Attempt& step, const std::vector<Attempt>& sample) {
  if (!is_limited(step) || step.outcome) return false;
  const auto& spec = step.exchange.spec;
  const auto by_flow =
      get_through(sample, [&](const ProbeSpec& other) { return other.flow == spec.flow; });
  if (by_flow) return *by_flow;
  return get_through(sample, [&](const ProbeSpec& other) {
           return other.traffic_class == spec.traffic_class;
         }) == true;
}

std::optional<Evidence> goes_by_flow(const Target& target, const std::vector<Attempt>& sample,
                                     const IpAddress& client) {
  constexpr std::uint32_t in_turns = 4;  ///< changes: no stretch of time, and no ban
  const auto flows = sorted(sample, client);
  if (target.several_clients || target.changes < in_turns || flows.both) return {};
  if (flows.silent.empty() || flows.open.empty()) return {};
  const auto& counted = target.attempts;
  const double share = static_cast<double>(counted.dropped) / counted.total;
  if (std::pow(share, flows.repeated) >= level::by_form) return {};
  const auto text =
      say("It goes by the flow, in turns: {} connections lost their SYN and all {} repetitions of "
          "it, {} others got an answer at once. One of several equal paths loses what is sent over "
          "it, or one of several machines behind the address does not answer.{}",
          flows.silent.size(), flows.repeated, flows.open.size(), parity(flows));
  return Evidence{text, begins(flows)};
}

}  // namespace hopblame::offline
