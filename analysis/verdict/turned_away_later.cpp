#include "analysis/verdict/turned_away_later.hpp"

#include <algorithm>
#include <utility>

#include "analysis/path/who_decides.hpp"
#include "analysis/verdict/ban_place.hpp"
#include "analysis/verdict/divided_flows.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"

namespace hopblame {
namespace {

/// Whoever accepted some stands no farther than where they met it.
void no_farther(Where& where, std::optional<std::uint8_t> host) {
  if (where.kind != CulpritKind::destination || !host || !where.last_hop) return;
  where.last_hop = std::min(*where.last_hop, *host);
  if (where.first_hop) where.first_hop = std::min(*where.first_hop, *where.last_hop);
}

/// The refusals are the host's own: no rule makes them.
bool is_of_stack(const std::vector<Explanation>& found) {
  return found.front().mechanism == Mechanism::closed_port &&
         !lists(found, Mechanism::host_firewall_reset) && !lists(found, Mechanism::middlebox_reset);
}

/// From the first connection to the last.
struct Span {
  TimePoint first = TimePoint::max(), last = TimePoint::min();
  void add(TimePoint at) { first = std::min(first, at), last = std::max(last, at); }
};

struct InTime {
  Span let_in, away;
};

InTime in_time(const Contrast& contrast) {
  InTime found;
  for (const auto* flows : {&contrast.through, &contrast.others})
    for (const auto& flow : *flows)
      for (const auto& one : flow.tries) {
        if (one.fate == contrast.at_host) found.let_in.add(one.at);
        if (one.fate == contrast.fate) found.away.add(one.at);
      }
  return found;
}

/// None was let in any more once the first had been turned away.
bool shuts_for_good(const Contrast& contrast) {
  const auto [let_in, away] = in_time(contrast);
  return let_in.last < away.first;
}

/// None was turned away any more once the first had been let in.
bool has_ended(const Contrast& contrast) {
  const auto [let_in, away] = in_time(contrast);
  return away.last < let_in.first;
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

}  // namespace

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

}  // namespace hopblame
