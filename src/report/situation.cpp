// The circumstances of a run that decide which steps make sense.
#include <algorithm>
#include <set>

#include "analysis/compare/decisive.hpp"
#include "analysis/model/services.hpp"
#include "analysis/path/rest.hpp"
#include "src/report/document.hpp"
#include "src/report/of_place.hpp"
#include "src/report/of_size.hpp"
#include "src/report/placeholders.hpp"
#include "src/report/refusal_words.hpp"
#include "src/report/steps.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

bool may_be_below(const ReportInput& input) {
  const auto& found = input.analysis.verdict.explanations;
  return input.run.facts.vantage.on_other_links && (lists(found, Mechanism::local_output_filter) ||
                                                    lists(found, Mechanism::local_input_filter));
}

/// The RST acknowledges nothing.
bool may_have_started_anew(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  return is_foreign(input.run) && verdict.outcome == Outcome::closed_early &&
         lists(verdict.explanations, Mechanism::accept_then_close) &&
         lists(verdict.explanations, Mechanism::host_firewall_reset);
}

/// Routers that were met twice stand in the path table.
[[gnu::noinline]] bool has_repeated_rows(const Path& path) {
  std::set<IpAddress> met;
  return std::ranges::any_of(path.hops, [&](const Hop& hop) {
    return !hop.responders.empty() && !met.insert(hop.responders.front()).second;
  });
}

/// The server's capture shows what was the matter on the host.
bool is_proven_of_host(const ReportInput& input) {
  const auto* attempt = compared(input);
  const auto kind = input.analysis.verdict.culprit.where.kind;
  return attempt && compare::tells(*attempt) && kind == CulpritKind::destination;
}

/// It refused in words, or spoke neither so nor as the service of this port begins.
[[gnu::noinline]] only::Bits told_by_words(const ReportInput& input) {
  const auto& run = input.run;
  const auto& connect = run.connect;
  if (!connect || !connect->spoke) return only::wordless;
  if (lists(input.analysis.verdict.explanations, Mechanism::connection_limit))
    return only::in_words;
  if (turns_away(run.goal.target.port, connect->greeting)) return only::in_words;
  const auto service = known_service(run.goal.target.port);
  const bool as_expected = !service || service->greeting.empty() ||
                           connect->greeting.starts_with(service->greeting) || has_identified(run);
  return as_expected ? only::wordless : only::wordless | only::other_protocol;
}

bool is_turned_here(const ReportInput& input) {
  return std::ranges::any_of(input.analysis.verdict.explanations, [](const Explanation& one) {
    return one.mechanism == Mechanism::transparent_proxy && one.where == this_host;
  });
}

/// Nothing shows that the next device is there.
bool is_gateway_unheard(const Verdict& verdict) {
  return verdict.outcome == Outcome::dropped && !has(verdict, CaveatId::two_owners) &&
         std::ranges::any_of(verdict.explanations, [](const Explanation& one) {
           return one.mechanism == Mechanism::local_neighbour && one.rank > 1;
         });
}

/// For a missing IPv4 route a Linux router draws twice on one allowance (ip_error, icmp_send):
/// asked once a second, as by somebody who has just tried, it says nothing of it.
bool may_have_said_so(const ReportInput& input) {
  const auto& where = input.analysis.verdict.culprit.where;
  if (input.analysis.verdict.outcome != Outcome::dropped || is_foreign(input.run)) return false;
  if (has_rested(input.run)) return false;
  if (input.run.goal.target.address.family != Family::ipv4 || !where.first_hop) return false;
  return std::ranges::any_of(input.analysis.path.hops, [&](const Hop& hop) {
    return hop.distance >= *where.first_hop && hop.distance <= where.last_hop.value_or(255) &&
           hop.target_flow == FlowState::silent && hop.responders.empty();
  });
}

/// A capture of others shows the server's answer on its way back, and that it was in vain.
bool is_answer_left(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  return !input.both && is_foreign(input.run) && !verdict.explanations.empty() &&
         verdict.explanations.front().mechanism == Mechanism::answer_lost &&
         lists(verdict.explanations, Mechanism::local_input_filter) &&
         has(verdict, CaveatId::captured_midway);
}

/// The reverse path check drops what comes in where this machine would not send an answer.
bool may_come_by_other_link(const ReportInput& input) {
  return is_foreign(input.run) || has(input.analysis.verdict, CaveatId::answers_elsewhere);
}

only::Bits circumstances(const ReportInput& input) {
  const Goal& goal = input.run.goal;
  only::Bits holds = only::always;
  const auto choose = [&](bool which, only::Bits one, only::Bits other) {
    holds |= which ? one : other;
  };
  choose(reaches_host(input), only::at_host, only::before_host);
  choose(reaches_path(input), only::on_path, only::always);
  choose(goal.target.port == 22, only::ssh, only::not_ssh);
  choose(hides_source(input.run), only::always, only::no_nat);
  choose(input.analysis.verdict.outcome == Outcome::intermittent, only::now_and_then, only::steady);
  choose(is_this_machine(input), only::always, only::elsewhere);
  choose(is_named(goal), only::named, only::unnamed);
  choose(is_on_link(input), only::on_link, only::routed);
  choose(lists(input.analysis.verdict.explanations, Mechanism::port_forward), only::forwarded,
         only::unforwarded);
  const bool hangs = hangs_on_host(input);
  const bool oversize = is_told_too_big(input);
  choose(oversize, only::oversize, only::of_any_size);
  if (oversize || (!hangs && may_be_of_size(input))) holds |= only::large | large_ways(input);
  if (lists(input.analysis.verdict.explanations, Mechanism::routing_loop))
    choose(has_repeated_rows(input.analysis.path), only::repeated, only::unrepeated);
  choose(was_cut(input), only::cut, only::always);
  choose(was_cut(input) && !compared(input), only::always, only::uncut);
  choose(may_have_started_anew(input), only::anew, only::always);
  choose(input.both != nullptr, only::always, only::unwatched);
  choose(input.analysis.verdict.outcome == Outcome::open, only::works, only::fails);
  choose(hangs || is_proven_of_host(input), only::always, only::unproven);
  choose(input.analysis.verdict.probes_fare_otherwise, only::by_form, only::alike);
  choose(is_turned_here(input), only::here, only::not_here);
  choose(have_few_hops(input.analysis.verdict), only::few_hops, only::far_enough);
  choose(is_gateway_unheard(input.analysis.verdict), only::unheard, only::always);
  choose(may_be_below(input), only::below, only::always);
  choose(may_have_said_so(input), only::spent, only::always);
  choose(came_wrong(input.analysis.verdict), only::came_wrong, only::came_not);
  choose(are_sent_back(input.analysis.verdict), only::sent_back, only::circling);
  choose(misses_next_router(input), only::next_router, only::last_machine);
  choose(may_be_on_first_link(input.analysis.verdict), only::first_link, only::always);
  choose(goal.target.address.family == Family::ipv6, only::ipv6, only::always);
  choose(has_identified(input.run), only::always, only::ungreeted);
  choose(leaves_by_loopback(input.run), only::by_loopback, only::always);
  choose(has(input.analysis.verdict, CaveatId::snap_length), only::cut_packets, only::always);
  choose(is_stopped_by_proxy(input.run), only::behind_proxy, only::always);
  choose(is_answer_left(input), only::answer_left, only::answer_unknown);
  choose(may_come_by_other_link(input), only::by_other_link, only::always);
  choose(has(input.analysis.verdict, CaveatId::two_owners), only::two_owners, only::always);
  choose(is_nameless(input), only::nameless, only::always);
  choose(is_inside(input), only::inside, only::always);
  choose(input.run.facts.vantage.point_to_point, only::by_tunnel, only::by_wire);
  choose(input.run.facts.interrupted, only::cut_short, only::whole_run);
  return holds;
}

bool needs_better_captures(const ReportInput& input) {
  if (!input.both) return false;
  return !input.both->clock.offset ||
         std::ranges::any_of(input.both->attempts, [](const auto& attempt) {
           return attempt.finding == compare::Finding::not_covered ||
                  attempt.finding == compare::Finding::not_shown;
         });
}

}  // namespace

const compare::AttemptFinding* compared(const ReportInput& input) {
  const auto* both = input.both;
  return both && both->decisive ? &both->attempts[*both->decisive] : nullptr;
}

Circumstances situation_of(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  Circumstances now{{},
                    {},
                    verdict.outcome,
                    circumstances(input),
                    needs_better_captures(input),
                    address_that_works(input.run).has_value(),
                    first_looks(input)};
  now.holds |= now.outcome == Outcome::closed_early ? told_by_words(input) : only::wordless;
  now.causes.reserve(verdict.explanations.size());
  for (const auto& explanation : verdict.explanations)
    if (explanation.rank == 1)
      now.causes.push_back(explanation.mechanism);
    else if (explanation.beside && explanation.where.kind == CulpritKind::destination)
      now.beside.push_back(explanation.mechanism);
  return now;
}

}  // namespace hopblame
