#include "analysis/verdict/refusers.hpp"

#include <algorithm>

#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Empty where anything gets through, or a flow met more than one sender. Silence is left out: who
/// sends messages may send only so many.
std::vector<Flock> refusers_of(std::vector<PortFlow> flows) {
  std::erase_if(flows, [](const PortFlow& flow) { return flow.fate == SynFate::silent; });
  const auto is_mixed = [](const PortFlow& flow) {
    return flow.both || flow.met(SynFate::accepted) || !single_voice(flow);
  };
  return std::ranges::any_of(flows, is_mixed) ? std::vector<Flock>{} : flocks_of(std::move(flows));
}

Evidence counted(const Case& the_case, const Flock& flock, std::size_t all) {
  return {say("{} of {} flows to port {} are turned away by this one, and the others by somebody "
              "else: two faults, each with flows of its own.",
              flock.flows.size(), all, port_of(the_case)),
          asked_on({&flock.flows})};
}

bool is_of_connect(const Flock& flock) {
  return std::ranges::any_of(flock.flows, [](const PortFlow& flow) { return !flow.raw; });
}

}  // namespace

std::optional<Finding> judge_refusers(const Case& the_case) {
  if (the_case.exchanges.size() < 2) return {};  // most targets of a capture: one flow
  auto flocks = refusers_of(flows_to(the_case.exchanges, Aim::target));
  if (flocks.size() < 2) return {};
  std::size_t all = 0;
  for (const auto& flock : flocks) all += flock.flows.size();
  // What the application meets comes first.
  std::stable_partition(flocks.begin(), flocks.end(), is_of_connect);
  std::optional<Finding> whole;
  for (const auto& flock : flocks) {
    auto finding = judge_flock(the_case, flock);
    const auto why = counted(the_case, flock, all);
    if (whole) {
      add_beside(*whole, finding, why);
    } else if (finding) {
      for (auto& explanation : finding->explanations)
        explanation.because.insert(explanation.because.begin(), why);
      whole = std::move(finding);
      whole->confidence = std::min(whole->confidence, Confidence::strong);
    }
  }
  return whole;
}

}  // namespace hopblame
