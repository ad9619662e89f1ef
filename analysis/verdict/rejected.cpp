#include "analysis/verdict/rejected.hpp"

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/verdict/delivery.hpp"
#include "analysis/verdict/forward.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/rejection_causes.hpp"
#include "analysis/verdict/rejection_place.hpp"
#include "analysis/verdict/rejection_witnesses.hpp"
#include "analysis/verdict/silence_causes.hpp"
#include "analysis/verdict/table_after_count.hpp"

namespace hopblame {
namespace {

/// Who looks for a neighbour is about to deliver to another host than itself.
bool forwards_the_port(const Case& the_case, const RejectionFacts& facts) {
  return facts.from_owner && (the_case.address_forwards() || is_neighbour_failure(facts));
}

/// A routing table of Linux speaks before the hop-limit check, about every port, and does not look
/// at TCP.
bool is_routing(const RejectionFacts& facts) {
  if (!is_routing_code(facts.family, facts.type, facts.code)) return false;
  return facts.to_bad_checksum && !facts.passes_first;
}

/// As it arrived at its sender, and at nobody nearer.
bool is_quoted_before(const Case& the_case, const RejectionFacts& facts) {
  const auto travelled = quoted_travel(facts);
  return travelled && router_place(the_case, facts, false).first_hop == *travelled + 1;
}

/// It looks at the port, and not at the checksum as rules of Linux do: a filter of another system,
/// or routes that a routing rule gives this port alone (measured: `ip rule ... dport`). Only Linux
/// has routes that prohibit, and its messages start at 64.
/// Where the message to that SYN may have been kept back, as all that exceed a router's limit, the
/// quote tells: written before the hop limit was counted down, as tables speak and rules that
/// forward do not.
bool could_route_by_port(const Case& the_case, const RejectionFacts& facts) {
  if (facts.from_owner || facts.passes_first ||
      !is_routing_code(facts.family, facts.type, facts.code))
    return false;
  const bool unasked = facts.spares_other_ports && !facts.speaks_beside_bad;
  if (!facts.to_bad_checksum && !(unasked && is_quoted_before(the_case, facts))) return false;
  return says_no_way(facts) || facts.rejection.reply->hop_limit.value <= initial_hop_limits[0];
}

/// The address may be that of a forwarding device without a route to the host behind it (measured:
/// its table speaks before the hop limit is looked at; a SYN with a wrong checksum is not
/// forwarded).
bool could_lack_a_route_behind(const RejectionFacts& facts) {
  return says_no_way(facts) && !facts.passes_first;
}

/// The quote bears the hop limit as the sender had counted it down, so it was about to forward it:
/// its table of routes would have spoken before (measured, section 2; a route that prohibits is
/// Linux's own).
bool was_being_forwarded(const RejectionFacts& facts) {
  return facts.named && quoted_travel(facts) == facts.named;
}

/// A sender that gave no name in time exceeded stands where its quote says, one hop nearer if it
/// had counted the hop limit down for a neighbour it then did not find. Its way back fits that hop?
/// An unreachable route is another code in IPv6 (measured, section 1).
bool fits_neighbour_failure(const RejectionFacts& facts) {
  if (!is_host_unreachable(facts.family, facts.type, facts.code) || facts.named) return false;
  const auto travelled = quoted_travel(facts);
  if (!travelled || *travelled == 0) return false;
  return facts.family == Family::ipv6 || std::ranges::count(facts.place.fitting, *travelled) > 0;
}

/// Of a table that has no route; or of a router that was about to deliver.
Finding routing_or_neighbour(const Case& the_case, const RejectionFacts& facts) {
  Finding finding{Outcome::unreachable, {}, {}};
  const bool neighbour = fits_neighbour_failure(facts);
  if (neighbour) finding.explanations.push_back(host_down(the_case, facts));
  const bool route_too = facts.family == Family::ipv4 &&
                         std::ranges::count(facts.place.fitting, sender_hop(facts) + 1) > 0;
  if (!neighbour || route_too) finding.explanations.push_back(route(the_case, facts));
  return finding;
}

std::vector<Explanation> by_owner(const Case& the_case, const RejectionFacts& facts) {
  auto found = list_of(rule_on_host(the_case, facts));
  if (could_lack_a_route_behind(facts))
    found.push_back(route_behind(the_case, facts, found.front().where, 2));
  return found;
}

/// Passed on by the owner of the address and then lost, as the code says: somewhere behind it there
/// is no route to the inner host, or nobody finds that host. A SYN with a wrong checksum is not
/// passed on, so a rule there that was told to send this code looks the same.
Finding no_way_behind(const Case& the_case, const RejectionFacts& facts) {
  auto rule = rule_on_host(the_case, facts);
  rule.rank = 2;
  Finding finding{Outcome::unreachable, list_of(route_behind(the_case, facts, rule.where, 1)), {}};
  if (is_host_unreachable(facts.family, facts.type, facts.code))
    finding.explanations.push_back(host_down(the_case, facts));
  finding.explanations.push_back(std::move(rule));
  return finding;
}

/// A rule from a route, and from a neighbour that is gone.
bool is_told_apart(const RejectionFacts& facts) {
  return facts.from_owner || facts.bad_checksum_ignored || facts.to_bad_checksum ||
         facts.spares_other_ports;
}

/// Nothing asked tells a rule from a route: the code is all there is, and the quote.
void add_routing(const Case& the_case, const RejectionFacts& facts, Finding& finding) {
  const bool forwarded = facts.passes_first || was_being_forwarded(facts);
  const bool prohibited = is_admin_prohibited(facts.family, facts.type, facts.code);
  if (is_routing_code(facts.family, facts.type, facts.code) && !facts.passes_first &&
      !(forwarded && prohibited)) {
    // A prohibition is a rule's word, though a route of Linux may say it too.
    if (!prohibited) finding.outcome = Outcome::unreachable;
    if (!forwarded) finding.explanations.push_back(route(the_case, facts));
    // A table speaks one hop farther on than a rule with such a quote: does its way back fit?
    const auto& place = finding.explanations.back().where;
    if (!forwarded && place.first_hop == place.last_hop && place.first_hop && facts.place.exact() &&
        facts.place.exact() != place.first_hop)
      finding.explanations.back().rank = 2;
  }
  if (!is_host_unreachable(facts.family, facts.type, facts.code) || facts.passed_over) return;
  const auto travelled = quoted_travel(facts);
  if (facts.named && travelled && *travelled < *facts.named) return;
  finding.outcome = Outcome::unreachable;
  finding.explanations.push_back(host_down(the_case, facts));
  if (!forwarded) finding.explanations.back().rank = 2;
}

/// The code of a missing route speaks for one, that of a prohibition for a rule.
void add_route_by_port(const Case& the_case, const RejectionFacts& facts, Finding& finding) {
  auto& found = finding.explanations;
  if (says_no_way(facts)) finding.outcome = Outcome::unreachable;
  found.insert(says_no_way(facts) ? found.begin() : found.end(), route_by_port(the_case, facts));
}

Finding name_mechanism(const Case& the_case, const RejectionFacts& facts) {
  const auto forged = facts.from_owner ? forged_on_the_way(the_case, facts) : Forgery::yes;
  if (is_neighbour_failure(facts))
    return {Outcome::unreachable, list_of(host_down(the_case, facts)), {}};
  if (the_case.address_forwards() && facts.from_owner && says_no_way(facts))
    return no_way_behind(the_case, facts);
  if (forged == Forgery::no) return {Outcome::rejected, by_owner(the_case, facts), {}};
  if (forged == Forgery::possible)
    return {Outcome::rejected,
            list_of(rule_on_host(the_case, facts), rule_on_router(the_case, facts)),
            {}};
  if (may_be_table_after_count(facts)) return table_after_count(the_case, facts);
  if (is_routing(facts) && !facts.spares_other_ports) return routing_or_neighbour(the_case, facts);
  Finding finding{Outcome::rejected, list_of(rule_on_router(the_case, facts)), {}};
  if (could_route_by_port(the_case, facts)) add_route_by_port(the_case, facts, finding);
  if (may_prohibit_after_count(facts)) {
    finding.explanations.push_back(route(the_case, facts));
    finding.explanations.back().rank = 2;
  }
  if (is_translated(the_case, facts) && says_no_way(facts)) {
    finding.outcome = Outcome::unreachable;
    finding.explanations.push_back(route_of_translated(the_case, facts));
  }
  if (!is_told_apart(facts)) add_routing(the_case, facts, finding);
  return finding;
}

/// Somebody got through, or somebody else rejected, or the application's own SYN met nobody who
/// rejects: no single voice.
bool is_unanimous(const Case& the_case, const RejectionFacts& facts) {
  const auto& connect = the_case.run.connect;
  if (connect && connect->ended && connect->error == 0) return false;
  if (connect_left(the_case) && !the_case.kernel_syn->answered()) return false;
  if (told_in_vain(the_case)) return false;
  for (const auto& [distance, step] : the_case.target.steps)
    for (const auto* reply : step.ends)
      if (reply->from != facts.from || !is_rejection(*reply)) return false;
  return true;
}

/// The router's own name, the walk, the way back and the quote are independent and agree.
bool router_agrees(const RejectionFacts& facts) {
  if (!facts.named || !facts.place.last) return false;
  const auto hop = *facts.named;
  const auto travelled = quoted_travel(facts);
  const bool walk = facts.place.first <= hop && hop <= *facts.place.last &&
                    facts.place.first + 1 >= *facts.place.last;
  const bool quote = travelled && (*travelled == hop || *travelled + 1 == hop);
  return walk && quote && facts.named_by->hop_limit == facts.rejection.reply->hop_limit;
}

/// Time exceeded from right before the host: no lost answer has moved its place.
bool is_tight(const Case& the_case, const Where& where, const Reply& answer) {
  if (where.first_hop != where.last_hop || !where.last_hop) return false;
  return *where.last_hop == 1 || the_case.right_behind_the_hop_before(*where.last_hop, answer);
}

/// A router that gets no answer from the next machine says so of the host it was to reach, whoever
/// that machine is: the last router and any other say the same. Behind a device that passes the
/// port on the next machine is hardly another router; answers of the host to others tell how far it
/// is.
bool may_be_next_router(const Case& the_case, const Explanation& found) {
  return found.mechanism == Mechanism::host_down && !the_case.address_forwards() &&
         found.where.last_hop != the_case.host.distance;
}

Confidence sure(const Case& the_case, const RejectionFacts& facts, const Finding& finding) {
  const auto& found = finding.explanations.front();
  if (may_be_next_router(the_case, found)) return Confidence::weak;
  if (found.where.kind == CulpritKind::unknown) return Confidence::weak;
  if (finding.explanations.size() != 1 || !facts.place.walked || !is_unanimous(the_case, facts))
    return Confidence::strong;
  // One SYN, which chance may have lost, excludes a dead host.
  if (facts.passed_over && !is_told_apart(facts)) return Confidence::strong;
  if (found.where.kind == CulpritKind::router)
    return router_agrees(facts) ? Confidence::certain : Confidence::strong;
  if (found.mechanism != Mechanism::icmp_reject_host) return Confidence::strong;
  const auto& host = the_case.host;
  if (!host.distance || facts.place.last != host.distance) return Confidence::strong;
  if (the_case.control.first_end() != host.distance) return Confidence::strong;
  const bool same_way = host.witness->hop_limit == facts.rejection.reply->hop_limit;
  const bool own = !looks_made_up(*facts.rejection.reply);
  return same_way && is_tight(the_case, found.where, *facts.rejection.reply) && own &&
                 facts.place.samples >= 2
             ? Confidence::certain
             : Confidence::strong;
}

/// The port itself was never rejected: its silence may have a cause of its own, unless the host is
/// not there at all.
void doubt(const Case& the_case, Finding& finding) {
  finding.confidence = Confidence::weak;
  if (finding.explanations.front().mechanism == Mechanism::host_down) return;
  const auto facts = silence_facts(the_case);
  if (facts.tries == 0) return;
  finding.explanations.push_back(filter_drop(the_case, facts));
  finding.explanations.back().rank = 2;
}

}  // namespace

std::optional<Finding> judge_rejected(const Case& the_case) {
  const auto rejection = deciding_rejection(the_case);
  if (!rejection) return {};
  const auto facts = rejection_facts(the_case, *rejection);
  auto finding = name_mechanism(the_case, facts);
  if (forwards_the_port(the_case, facts))
    finding.explanations.push_back(port_forward(the_case, finding.explanations.front().where,
                                                rejection_witnesses(the_case, facts)));
  finding.confidence = sure(the_case, facts, finding);
  if (is_about_another_probe(*rejection) && !is_first_after_rest(the_case, *rejection))
    doubt(the_case, finding);
  if (auto local = undelivered_rejection(the_case)) {
    finding.explanations.push_back(*local);
    finding.confidence = std::min(finding.confidence, Confidence::strong);
  }
  return finding;
}

}  // namespace hopblame
