#include "analysis/verdict/divided_beside.hpp"

#include <algorithm>

#include "analysis/model/level.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/dropped.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

bool is_turned_away(const PortFlow& flow) {
  return !flow.both && !flow.met(SynFate::accepted) && flow.fate != SynFate::silent;
}

std::size_t answers_of(const std::vector<PortFlow>& flows) {
  std::size_t count = 0;
  for (const auto& flow : flows) count += flow.tries.size() - flow.silences();
  return count;
}

/// A message names its sender; RSTs that come another way are a fault only when there are more.
/// connect()'s SYN bears no mark, so it is nobody's voice.
bool is_second_fault(const Flock& flock, const PortFlow& judged) {
  const auto told = [&](const PortFlow& flow) {
    return belongs_to(judged, *flow.tries.front().exchange);
  };
  return std::ranges::none_of(flock.flows, told) &&
         (flock.voice.message_from || answers_of(flock.flows) >= 2) &&
         std::ranges::any_of(flock.flows, &PortFlow::raw);
}

Evidence beside(const Case& the_case, const std::vector<PortFlow>& flows, std::string_view fared) {
  return {
      say("A fault of its own: {} flow{} to port {} {} {}.", flows.size(),
          flows.size() == 1 ? "" : "s", port_of(the_case), flows.size() == 1 ? "is" : "are", fared),
      asked_on({&flows})};
}

/// Beyond chance, which would not have spared all the others: any of the flows might have been the
/// unlucky one. Who rejects with messages may send only so many: then silence is no fault of its
/// own.
std::vector<PortFlow> swallowed(const Case& the_case, const std::vector<PortFlow>& flows) {
  DueAnswers swallowed, others = others_of(the_case).answers;
  std::vector<PortFlow> silent;
  for (const auto& flow : flows) {
    if (flow.met(SynFate::rejected)) return {};
    const auto asked = static_cast<unsigned>(flow.tries.size());
    (flow.fate == SynFate::silent ? swallowed : others) += {asked, flow.silences()};
    if (flow.fate == SynFate::silent) silent.push_back(flow);
  }
  const auto chance = static_cast<double>(flows.size()) * chance_to_be_spared(swallowed, others);
  return swallowed.lost >= 3 && chance < level::silent_beside ? silent : std::vector<PortFlow>{};
}

}  // namespace

void add_faults_beside(const Case& the_case, const std::vector<PortFlow>& flows,
                       const PortFlow& judged, Finding& finding) {
  std::vector<PortFlow> away;
  std::ranges::copy_if(flows, std::back_inserter(away), is_turned_away);
  for (const auto& flock : flocks_of(away))
    if (is_second_fault(flock, judged))
      add_beside(finding, judge_flock(the_case, flock),
                 beside(the_case, flock.flows, "turned away by somebody else than the rest"));
  const auto silent = swallowed(the_case, flows);
  if (silent.empty()) return;
  const auto evidence = evidence_of(the_case, silent, SynFate::silent);
  auto alone = make_case(the_case, evidence);
  alone.divided = true;
  add_beside(finding, judge_dropped(alone), beside(the_case, silent, "never answered"));
}

}  // namespace hopblame
