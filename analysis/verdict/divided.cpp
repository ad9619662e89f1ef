#include "analysis/verdict/divided.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "analysis/path/branching.hpp"
#include "analysis/path/path_builder.hpp"
#include "analysis/path/who_decides.hpp"
#include "analysis/verdict/ban_place.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/divided_beside.hpp"
#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/divided_silence.hpp"
#include "analysis/verdict/divided_words.hpp"
#include "analysis/verdict/dropped.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/one_at_a_time.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/rejection_causes.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

std::ptrdiff_t asked(const Case& the_case) {
  return std::ranges::count_if(
      the_case.exchanges, [](const Exchange& exchange) { return is_syn(exchange, Aim::target); });
}

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

/// Whoever accepted some stands no farther than where they met it.
void no_farther(Where& where, std::optional<std::uint8_t> host) {
  if (where.kind != CulpritKind::destination || !host || !where.last_hop) return;
  where.last_hop = std::min(*where.last_hop, *host);
  if (where.first_hop) where.first_hop = std::min(*where.first_hop, *where.last_hop);
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

enum class Decides : std::uint8_t { way, time };

std::optional<Finding> judge_flows(const Case& the_case, const std::vector<PortFlow>& flows,
                                   const Contrast& contrast, const std::string& why,
                                   Decides decides = Decides::way) {
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

/// The refusals are the host's own: no rule makes them.
bool is_of_stack(const std::vector<Explanation>& found) {
  return found.front().mechanism == Mechanism::closed_port &&
         !lists(found, Mechanism::host_firewall_reset) && !lists(found, Mechanism::middlebox_reset);
}

/// None was let in any more once the first had been turned away.
bool shuts_for_good(const Contrast& contrast) {
  auto last_let_in = TimePoint::min(), first_away = TimePoint::max();
  for (const auto* flows : {&contrast.through, &contrast.others})
    for (const auto& flow : *flows)
      for (const auto& one : flow.tries) {
        if (one.fate == contrast.at_host) last_let_in = std::max(last_let_in, one.at);
        if (one.fate == contrast.fate) first_away = std::min(first_away, one.at);
      }
  return last_let_in < first_away;
}

Explanation ban_that_rejects(const Explanation& like) {
  return {Mechanism::probe_ban,
          like.rank,
          like.where,
          list_of(like.because.front(),
                  Evidence{"In order of time the first were let in, and none after one had been "
                           "turned away: so it is where a source is shut out on the way and told "
                           "so, as bans do that reject.",
                           {}}),
          {},
          look_at_bans()};
}

/// A service that stopped, or whoever starts it for each connection and will not any more
/// (inetd(8): 256 a minute; systemd.socket(5): TriggerLimitBurst=).
void tell_of_shutting(Finding& finding) {
  finding.explanations.front().because.push_back(
      {"In order of time the first connections were accepted, and none after one had been refused. "
       "Either the service stopped just then, or it is shut after many connections in a short "
       "time, these probes among them, as inetd, xinetd and systemd sockets do: their logs say so.",
       {}});
}

/// None was turned away any more once the first had been let in.
bool has_ended(const Contrast& contrast) {
  auto first_let_in = TimePoint::max(), last_away = TimePoint::min();
  for (const auto* flows : {&contrast.through, &contrast.others})
    for (const auto& flow : *flows)
      for (const auto& one : flow.tries) {
        if (one.fate == contrast.at_host) first_let_in = std::min(first_let_in, one.at);
        if (one.fate == contrast.fate) last_away = std::max(last_away, one.at);
      }
  return last_away < first_let_in;
}

/// No rule speaks: the routing table, or a neighbour that is looked for in vain.
bool is_of_routing(Mechanism mechanism) {
  return mechanism == Mechanism::host_down || mechanism == Mechanism::no_route;
}

/// Whoever is missing nearer than the host that was met in the end is no host.
void keep_from_host(const Case& the_case, std::optional<std::uint8_t> host, Explanation& found) {
  auto& where = found.where;
  if (found.mechanism != Mechanism::host_down || where.kind != CulpritKind::destination) return;
  if (!host || !where.last_hop || *where.last_hop >= *host || *where.last_hop < 2) return;
  where = within(the_case, static_cast<std::uint8_t>(*where.last_hop - 1), where.last_hop);
}

/// Counts and bans have no part in it.
Finding by_routing(Finding finding, const Contrast& contrast) {
  if (has_ended(contrast))
    finding.explanations.front().because.push_back(
        {"In order of time all were turned away at first, and none after the first that was let "
         "in: whatever was at fault ended while we asked.",
         {}});
  return finding;
}

/// Accepted first, turned away later: who counts connections may do it, and so may whoever decides
/// by the flow.
std::optional<Finding> judge_turned_away(const Case& the_case, const Contrast& contrast,
                                         const std::string& why) {
  auto finding = judge_flows(the_case, contrast.others, contrast, why, Decides::time);
  if (!finding) return {};
  const auto host = nearest_arrival(contrast.through);
  for (auto& found : finding->explanations) {
    no_farther(found.where, host);
    keep_from_host(the_case, host, found);
  }
  if (is_of_routing(finding->explanations.front().mechanism))
    return by_routing(std::move(*finding), contrast);
  const auto& first = finding->explanations.front();
  if (is_of_stack(finding->explanations)) {
    if (shuts_for_good(contrast)) tell_of_shutting(*finding);
    return finding;
  }
  finding->explanations.push_back(
      {Mechanism::rate_limit,
       first.rank,
       first.where,
       {first.because.front()},
       {},
       "the rules that count connections (`connlimit`, `limit`, `hashlimit`, `ufw limit`) there: "
       "their counters grow while you try"});
  if (contrast.fate != SynFate::silent && shuts_for_good(contrast))
    finding->explanations.push_back(ban_that_rejects(finding->explanations.front()));
  return finding;
}

/// By one device: each has its name and its way back.
bool turned_away_alike(const Contrast& contrast) {
  const Reply* first = nullptr;
  for (const auto& flow : contrast.others)
    for (const auto& one : flow.tries) {
      if (one.fate != contrast.fate || !one.exchange->answered()) continue;
      const auto& reply = one.exchange->replies.front();
      if (!first) first = &reply;
      if (reply.from != first->from || reply.hop_limit != first->hop_limit) return false;
    }
  return contrast.neither == 0;
}

/// Where one path is seen, and one answer beside the host's, a count of connections may decide.
bool may_count_flows(const Case& the_case, const Contrast& contrast) {
  return shuts_out_new_flows(contrast) && turned_away_alike(contrast) && answers_agree(contrast) &&
         !branches_at(the_case.target, the_case.control);
}

std::optional<Finding> judge_contrast(const Case& the_case, const std::vector<PortFlow>& flows,
                                      const Contrast& contrast) {
  if (!may_count_flows(the_case, contrast) &&
      is_by_flow(contrast, beside(the_case.exchanges, contrast))) {
    const auto judged = one_path(the_case, contrast.others);
    auto finding = judge_flows(the_case, judged, contrast,
                               counted(the_case, contrast) + who_decides(contrast));
    if (finding && contrast.fate != SynFate::silent)
      add_faults_beside(the_case, flows, judged.front(), *finding);
    return finding;
  }
  if (contrast.fate == SynFate::silent || !answers_agree(contrast)) return {};
  return judge_turned_away(the_case, contrast, counted(the_case, contrast) + '.');
}

}  // namespace

std::optional<Finding> judge_divided(const Case& the_case) {
  if (asked(the_case) < 2) return {};
  const auto flows = flows_to(the_case.exchanges, Aim::target);
  const auto contrast = contrast_of(flows);
  if (!contrast) return {};
  auto finding = judge_contrast(the_case, flows, *contrast);
  if (finding)
    add(finding->explanations, takes_one_at_a_time(the_case, *contrast, finding->explanations));
  return finding;
}

std::optional<Finding> judge_perhaps_divided(const Case& the_case, double level) {
  const auto contrast = contrast_of(flows_to(the_case.exchanges, Aim::target));
  if (!contrast || !leans_to_flow(*contrast, beside(the_case.exchanges, *contrast), level))
    return {};
  auto finding = judge_flows(the_case, one_path(the_case, contrast->others), *contrast,
                             counted(the_case, *contrast) +
                                 ", in turns. Those that were asked again nearly always fared as "
                                 "before, which no usual limit on new connections brings about: it "
                                 "looks as if the flow decides, but some answers got lost.");
  if (finding) finding->confidence = Confidence::weak;
  return finding;
}

std::optional<Finding> judge_by_connection(const Case& the_case) {
  const auto contrast = contrast_of(flows_to(the_case.exchanges, Aim::target));
  if (!contrast || !is_by_connection(*contrast)) return {};
  auto finding = judge_turned_away(
      the_case, *contrast,
      counted(the_case, *contrast) +
          ". A connection that was not answered at first was not answered later either, and a "
          "limit on new connections would hardly have chosen so: it looks as if they were dealt "
          "out to several machines behind the address.");
  // One that others use too may look like anything.
  if (finding && finding->explanations.back().mechanism == Mechanism::rate_limit)
    finding->explanations.back().rank = 2;
  return finding;
}

}  // namespace hopblame
