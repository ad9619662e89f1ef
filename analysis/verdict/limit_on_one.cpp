#include "analysis/verdict/limit_on_one.hpp"

#include <algorithm>

#include "analysis/model/level.hpp"
#include "analysis/path/limits.hpp"
#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/ban_place.hpp"
#include "analysis/verdict/divided.hpp"
#include "analysis/verdict/fault_ended.hpp"
#include "analysis/verdict/first_lost.hpp"
#include "analysis/verdict/full_queue.hpp"
#include "analysis/verdict/limit_place.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// An answer after a silence: nothing that happened once and for good.
bool comes_back(const std::vector<Try>& tries) {
  const auto silent = std::ranges::find_if_not(tries, is_answered);
  return std::any_of(silent, tries.end(), is_answered);
}

Finding limit(const Case& the_case, Evidence counted, const std::vector<Try>& tries) {
  Explanation found{Mechanism::rate_limit, 1, limit_place(the_case), {std::move(counted)}, {}, ""};
  if (comes_back(tries))
    found.because.push_back(
        {say("Answers come again after silence, as a limit on new connections makes them."), {}});
  const auto* where = found.where.last_hop != host_distance(the_case) ? "the named hops"
                      : the_case.address_forwards()
                          ? "the host that the port is passed on to and on the devices before it"
                          : "the host and on the routers before it";
  found.settled_by =
      say("the rules that count new connections (`limit`, `hashlimit`, `ufw limit`) on {}: their "
          "counters grow while you try",
          where);
  return {Outcome::intermittent, {std::move(found)}, Confidence::strong};
}

/// No flow was ever answered once and not the next time, though some were asked again.
bool flows_stay(const Case& the_case) {
  const auto flows = flows_to(the_case.exchanges, Aim::target);
  const auto stays = [](const PortFlow& flow) {
    return std::ranges::all_of(flow.tries,
                               [&](const SynTry& one) { return one.fate == flow.fate; });
  };
  return std::ranges::all_of(flows, stays) && std::ranges::any_of(flows, [](const PortFlow& flow) {
           return flow.fate == SynFate::silent && flow.tries.size() >= 2;
         });
}

std::vector<Passage> passages_of(const std::vector<Try>& tries) {
  std::vector<Passage> passages;
  passages.reserve(tries.size());
  for (const auto& one : tries) passages.push_back({one.at, is_answered(one)});
  return passages;
}

/// A queue without room drops SYNs at the host when its service and its other clients have it so,
/// which is mostly as no limit would: what passes as a limit lets it pass is one.
void add_queue(const Case& the_case, const std::vector<Passage>& passages, Finding& finding) {
  const auto limit = finding.explanations.front();
  if (limit.where.last_hop != host_distance(the_case) || !fits_no_limit(passages)) return;
  if (auto queue = queue_full_at_times(the_case, limit.because.front()))
    finding.explanations.push_back(std::move(*queue));
}

void doubt_limit(const Case& the_case, const std::vector<Try>& tries, Finding& finding) {
  const auto passages = passages_of(tries);
  // The port is closed for some flows and silent for the others: a limit that happens to fall
  // between flows, or a rule on one of several ways or machines.
  if (tally_of(the_case, Aim::target).accepted == 0 && flows_stay(the_case))
    add_filter(finding,
               {"A flow that was asked again fared as before: it may be the flow that decides, on "
                "one of several equal paths or one of several machines behind the address.",
                {}},
               "the rule counters on each of the equal paths, and on each machine behind the "
               "address");
  else if (fits_no_limit(passages))
    add_filter(finding,
               {"No usual limit lets just these through: it may be packet by packet, where two "
                "ways are taken in turns and one of them drops, or where a rule drops some at "
                "random.",
                {}},
               "the rule counters on each of the ways packets may take, and rules that look at "
               "chance or at every n-th packet (`statistic`, `numgen`)");
  else if (auto interval = told_by_interval(the_case, tries))
    add_filter(finding, std::move(*interval), look_at_changes());
  add_queue(the_case, passages, finding);
}

/// connect()'s SYN got through, and none of ours, sent before it and after: then it need not be how
/// many there were, but what differs.
bool only_connect_passes(const std::vector<Try>& tries) {
  const auto passed = std::ranges::find_if(tries, is_answered);
  const auto of_connect = [](const Try& one) { return one.exchange->origin == Origin::kernel; };
  return passed != tries.begin() && passed != tries.end() && tries.back().at > passed->at &&
         std::ranges::all_of(tries,
                             [&](const Try& one) { return of_connect(one) == is_answered(one); });
}

/// No limit lets none of the first through; one that others have used up may.
void prefer_filter(Finding& finding) {
  auto& limit = finding.explanations.front();
  Explanation filter{Mechanism::filter_drop, 1, limit.where, {limit.because.front()}, {}, ""};
  filter.because.push_back(
      {"Only the SYN of an ordinary connect() was answered, none of the probes before it and after "
       "it: they bear another traffic class (0x48), and a rule may look at that.",
       {}});
  filter.settled_by = "the rules there that look at more than address and port (DSCP, options)";
  limit.rank = 2;
  finding.explanations.insert(finding.explanations.begin(), std::move(filter));
  finding.confidence = Confidence::weak;
}

}  // namespace

Finding limit_on_one(const Case& the_case, Evidence counted, const std::vector<Try>& tries) {
  auto finding = limit(the_case, std::move(counted), tries);
  if (fits_no_limit(passages_of(tries)))
    if (auto late = judge_open_late(the_case, finding.explanations.front())) return *late;
  if (auto ended = judge_fault_ended(the_case, tries, finding.explanations.front()))
    return std::move(*ended);
  if (auto divided = judge_perhaps_divided(the_case, level::leans_to_flow)) {
    finding.explanations.front().rank = 2;
    divided->explanations.push_back(std::move(finding.explanations.front()));
    return *divided;
  }
  if (only_connect_passes(tries))
    prefer_filter(finding);
  else
    doubt_limit(the_case, tries, finding);
  return finding;
}

}  // namespace hopblame
