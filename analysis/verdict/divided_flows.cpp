#include "analysis/verdict/divided_flows.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "analysis/path/path_builder.hpp"
#include "analysis/path/who_decides.hpp"
#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/divided_silence.hpp"
#include "analysis/verdict/dropped.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/rejection_causes.hpp"
#include "analysis/verdict/rejections.hpp"

namespace hopblame {
namespace {

/// Where routers share a hop, only the flow's own walk gives a name.
void forget_names(const Case& the_case, const Case& of_flow, Where& where) {
  if (where.kind != CulpritKind::router || !where.address || where.first_hop != where.last_hop)
    return;
  if (of_flow.target.time_exceeded_at(*where.first_hop)) return;
  std::set<IpAddress> met;
  for (const auto* walk : {&the_case.target, &the_case.control})
    if (const auto step = walk->steps.find(*where.first_hop); step != walk->steps.end())
      for (const auto* reply : step->second.time_exceeded) met.insert(reply->from);
  if (met.size() > 1) where.address.reset();
}

/// Those that get through meet a fault of their own: a closed port, or whoever refuses.
void add_refusal(const Case& the_case, const Contrast& contrast, Finding& finding) {
  const auto silent = [&](const Exchange& one) { return belongs_to_any(contrast.others, one); };
  const Evidence beside{
      say("A fault of its own beside the silence: the flows that got through ({}) "
          "were refused, and will be when the others get through as well.",
          contrast.through.size()),
      asked_on({&contrast.through})};
  add_refusal_beside(finding, the_case, silent, beside);
}

/// A router that never sends a message is known for it from other flows: what these met may stand
/// there or behind it.
void reach_over_mute_hops(const Case& the_case, Where& where) {
  const auto host = the_case.host.distance;
  if (!host || where.kind != CulpritKind::between || !where.last_hop) return;
  while (*where.last_hop < *host && !the_case.time_exceeded_at(*where.last_hop)) ++*where.last_hop;
}

/// A router where they end looked for the next machine in vain, and says so of another port's flow:
/// of what waits for a neighbour only so many are told.
void prefer_dead_neighbour(const Case& the_case, Finding& finding) {
  const auto told = failed_neighbour(the_case);
  if (!told) return;
  auto dead = host_down(the_case, rejection_facts(the_case, *told));
  const auto& gap = finding.explanations.front().where;
  const auto hop = dead.where.last_hop;
  if (hop < gap.first_hop || (gap.last_hop && hop > gap.last_hop)) return;
  for (auto& other : finding.explanations) other.rank = 2;
  finding.explanations.insert(finding.explanations.begin(), std::move(dead));
  finding.confidence = Confidence::weak;
}

}  // namespace

std::optional<Finding> judge_flows(const Case& the_case, const std::vector<PortFlow>& flows,
                                   const Contrast& contrast, const std::string& why,
                                   Decides decides) {
  auto exchanges = evidence_of(the_case, flows, contrast.fate);
  const bool by_time = decides == Decides::time && contrast.fate == SynFate::reset;
  if (by_time) keep_time_of_refusals(exchanges, contrast, the_case.owner());
  if (contrast.fate == SynFate::reset) leave_out_luck(the_case, exchanges);
  auto alone = make_case(the_case, exchanges);
  if (by_time) alone.accepted_at = nearest_arrival(contrast.through);
  alone.divided = decides == Decides::way;
  auto finding = contrast.fate == SynFate::reset      ? judge_refused(alone)
                 : contrast.fate == SynFate::rejected ? judge_rejected(alone)
                                                      : judge_dropped(alone);
  if (!finding) return {};
  if (contrast.fate == SynFate::silent) {
    weigh_silence(the_case, contrast, finding->explanations);
    if (decides == Decides::way) prefer_dead_neighbour(the_case, *finding);
  }
  if (contrast.at_host == SynFate::reset) add_refusal(the_case, contrast, *finding);
  const auto outcome = std::exchange(finding->outcome, Outcome::intermittent);
  finding->confidence = std::min(finding->confidence, Confidence::strong);
  for (auto& explanation : finding->explanations) {
    forget_names(the_case, alone, explanation.where);
    if (explanation.mechanism == Mechanism::host_down && explanation.where.last_hop)
      explanation.where = missing_machine(the_case, *explanation.where.last_hop);
    if (contrast.fate == SynFate::silent) reach_over_mute_hops(the_case, explanation.where);
    explanation.because.insert(explanation.because.begin(),
                               {why, asked_on({&contrast.through, &contrast.others})});
    const auto passes = decides == Decides::way && explanation.where.last_hop
                            ? passes_of(the_case, flows, *explanation.where.last_hop)
                            : std::vector<FrameId>{};
    if (!passes.empty())
      explanation.against.push_back(
          {"These probes of such flows got past it: not each packet of a flow fares alike, as "
           "where two ways are taken in turns, or a rule picks packets by chance.",
           passes});
  }
  const auto end = flow_end(outcome, finding->explanations.front().where);
  finding->way = {routers_met(alone.target), build_path(alone.target, the_case.control, end)};
  return finding;
}

}  // namespace hopblame
