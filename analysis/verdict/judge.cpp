#include "analysis/verdict/judge.hpp"

#include <algorithm>
#include <utility>

#include "analysis/path/branching.hpp"
#include "analysis/path/own_words.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/verdict/accepted.hpp"
#include "analysis/verdict/answered_nearby.hpp"
#include "analysis/verdict/by_few_hops.hpp"
#include "analysis/verdict/by_form.hpp"
#include "analysis/verdict/by_hop_limit.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/connect_only.hpp"
#include "analysis/verdict/delivery.hpp"
#include "analysis/verdict/discarded.hpp"
#include "analysis/verdict/diverted.hpp"
#include "analysis/verdict/dropped.hpp"
#include "analysis/verdict/limit_on_all.hpp"
#include "analysis/verdict/local.hpp"
#include "analysis/verdict/loop.hpp"
#include "analysis/verdict/lost_words.hpp"
#include "analysis/verdict/misaddressed.hpp"
#include "analysis/verdict/out_of_sight.hpp"
#include "analysis/verdict/partly_heard.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/refusers.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/sent_back.hpp"
#include "analysis/verdict/sometimes_stopped.hpp"
#include "analysis/verdict/spoiled.hpp"
#include "analysis/verdict/steadiness.hpp"
#include "analysis/verdict/tries.hpp"
#include "analysis/verdict/two_owners.hpp"

namespace hopblame {
namespace {

/// Silence is evidence only when the run was allowed to wait for the answer, and only while packets
/// could leave and come in.
bool cut_short(const Case& the_case, const Finding& finding) {
  const auto& facts = the_case.run.facts;
  switch (finding.outcome) {
    case Outcome::dropped:
      // A FIN in answer to a SYN says it, and no silence.
      return (facts.interrupted || facts.interface_lost) && !judge_given_up(the_case);
    case Outcome::silent_service: return facts.interrupted || facts.interface_lost;
    case Outcome::intermittent:
    case Outcome::local: return facts.interface_lost;
    default: return false;
  }
}

std::vector<Where> first_rank(const Finding& finding) {
  std::vector<Where> places;
  places.reserve(finding.explanations.size());
  for (const auto& explanation : finding.explanations)
    if (explanation.rank == 1) places.push_back(explanation.where);
  return places;
}

bool same_kind(const std::vector<Where>& places) {
  return std::ranges::all_of(places,
                             [&](const Where& where) { return where.kind == places.front().kind; });
}

Where hull(const std::vector<Where>& places) {
  auto all = places.front();
  bool unbounded = !all.last_hop;
  for (const auto& where : places) {
    if (where.first_hop && (!all.first_hop || *where.first_hop < *all.first_hop))
      all.first_hop = where.first_hop;
    unbounded = unbounded || !where.last_hop;
    if (where.last_hop && all.last_hop) all.last_hop = std::max(*all.last_hop, *where.last_hop);
  }
  if (same_kind(places) && all.first_hop == places.front().first_hop &&
      all.last_hop == places.front().last_hop)
    return all;
  if (!unbounded && all.last_hop == 0) return this_host;
  if (unbounded || !all.first_hop) return {CulpritKind::unknown, all.first_hop, {}, {}};
  if (all.first_hop != all.last_hop) return {CulpritKind::between, all.first_hop, all.last_hop, {}};
  if (std::ranges::count(places, CulpritKind::unknown, &Where::kind) > 0)
    return {CulpritKind::unknown, all.first_hop, all.last_hop, {}};
  // One hop on several ways, or a router and the host beyond it: no address is the one to blame.
  return {CulpritKind::router, all.first_hop, all.last_hop, {}};
}

/// Of one device under all explanations, wherever it stands.
std::optional<IpAddress> same_address(const std::vector<Where>& places) {
  const auto& address = places.front().address;
  const bool same =
      std::ranges::all_of(places, [&](const Where& where) { return where.address == address; });
  return same ? address : std::nullopt;
}

/// Behind a device that rewrites hop limits every place is only a bound.
void open_places(Finding& finding) {
  for (auto& explanation : finding.explanations) {
    auto& where = explanation.where;
    if (where.kind == CulpritKind::none || where.last_hop.value_or(0) == 0) continue;
    if (where.kind != CulpritKind::destination)
      where = {CulpritKind::unknown, where.first_hop, {}, {}};
    where.last_hop.reset();
  }
  finding.confidence = Confidence::weak;
}

/// Its greeting came, and in all that time our words were not answered, or not even acknowledged:
/// chance is one reason of several.
bool leaves_us_waiting(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  if (!connect || connect->closed || !connect->ssh) return false;
  const auto& ssh = *connect->ssh;
  if (!ssh.identified || !ssh.said) return false;
  if (the_case.run.ended - *ssh.said < enough_time) return false;
  return !ssh.answered ||
         (connect_left(the_case) && acknowledged_bytes(*the_case.kernel_syn) < ssh.said_bytes);
}

/// Some of the same SYNs got no answer, or not the first that was sent, or never left (one of two
/// gateways is dead), or other flows may take a way that none of ours took: what lets this one
/// through may not let the next one.
void doubt_open(const Case& the_case, Finding& finding) {
  const bool others_may_differ = tally_of(the_case, Aim::target).silent > 0 ||
                                 branches_at(the_case.target, the_case.control) ||
                                 !answered_by_repetition(the_case.exchanges).empty() ||
                                 never_left(the_case) > 0;
  if (finding.outcome == Outcome::open && others_may_differ)
    finding.confidence = std::min(finding.confidence, Confidence::strong);
  if (finding.outcome == Outcome::open &&
      (leaves_us_waiting(the_case) || loss_has_memory(the_case)))
    finding.confidence = Confidence::weak;
}

}  // namespace

Finding find_cause(const Case& the_case) {
  if (the_case.run.connect_only) return judge_connect(the_case);
  for (const auto judge :
       {judge_out_of_sight, judge_departure, judge_misaddressed, judge_spoiled, judge_delivery,
        judge_by_hop_limit, judge_by_few_hops, judge_by_form, judge_loop_on_some_ways,
        judge_unsteady, judge_refusers, judge_refused, judge_accepted, judge_rejected,
        judge_sent_back, judge_loop, judge_discarded, judge_given_up, judge_dropped}) {
    auto finding = judge(the_case);
    if (!finding) continue;
    if (cut_short(the_case, *finding)) break;
    if (the_case.hop_limits_rewritten() && finding->outcome != Outcome::open) open_places(*finding);
    if (finding->outcome == Outcome::open)
      if (auto stopped = judge_sometimes_stopped(the_case)) return std::move(*stopped);
    doubt_open(the_case, *finding);
    if (finding->outcome == Outcome::open) tell_partly_heard(the_case, *finding);
    tell_diversion(the_case, *finding);
    doubt_owner(the_case, *finding);
    // What was not captured may have spoken against it.
    if (the_case.run.facts.dropped > 0)
      finding->confidence = std::min(finding->confidence, Confidence::strong);
    return std::move(*finding);
  }
  return {};
}

Culprit culprit_of(const Finding& finding) {
  const auto places = first_rank(finding);
  if (finding.outcome == Outcome::open)
    return {{CulpritKind::none, {}, {}, {}}, finding.confidence};
  if (places.empty()) return {};
  Culprit culprit{hull(places), finding.confidence};
  if (!culprit.where.address) culprit.where.address = same_address(places);
  return culprit;
}

}  // namespace hopblame
