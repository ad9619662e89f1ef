// The circumstances of a run that decide which steps make sense.
#include <algorithm>
#include <set>

#include "analysis/compare/decisive.hpp"
#include "analysis/model/services.hpp"
#include "analysis/path/rest.hpp"
#include "src/report/document.hpp"
#include "src/report/placeholders.hpp"
#include "src/report/refusal_words.hpp"
#include "src/report/steps.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

/// Two captures show that it got lost between them.
bool is_lost_on_way(const ReportInput& input) {
  const auto* attempt = compared(input);
  return attempt && (attempt->finding == compare::Finding::data_lost ||
                     attempt->finding == compare::Finding::translated_anew);
}

bool reaches_host(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  const auto& destination = input.analysis.path.distance.destination;
  if (where.kind == CulpritKind::destination) return true;
  if (where.kind == CulpritKind::router || where.kind == CulpritKind::this_host) return false;
  if (is_lost_on_way(input)) return false;
  return !destination || !where.last_hop || *where.last_hop >= *destination;
}

bool reaches_path(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  return where.kind != CulpritKind::destination && where.kind != CulpritKind::this_host;
}

bool may_be_below(const ReportInput& input) {
  const auto& found = input.analysis.verdict.explanations;
  return input.run.facts.vantage.on_other_links && (lists(found, Mechanism::local_output_filter) ||
                                                    lists(found, Mechanism::local_input_filter));
}

/// By this machine's own routes no router lies before the destination, and none was heard.
bool is_neighbour(const ReportInput& input) {
  const auto& vantage = input.run.facts.vantage;
  return !is_foreign(input.run) && !vantage.gateway && !vantage.off_network &&
         !vantage.target_is_local && vantage.route_error == 0 && input.analysis.path.hops.empty();
}

bool is_on_link(const ReportInput& input) {
  const auto& destination = input.analysis.path.distance.destination;
  const Where& where = input.analysis.verdict.culprit.where;
  return destination == 1 || is_neighbour(input) ||
         (where.kind == CulpritKind::destination && where.last_hop == 1);
}

/// A RST that ended somebody else's connection in mid-course is no matter of size.
bool may_be_forgotten(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  return !compared(input) && is_foreign(input.run) && verdict.outcome == Outcome::closed_early &&
         lists(verdict.explanations, Mechanism::data_blocked);
}

/// Once it had worked, nothing at all got through any more, or nobody had said anything for long.
bool was_cut(const ReportInput& input) {
  if (const auto* attempt = compared(input)) return is_lost_on_way(input) && attempt->small_lost;
  const auto& connect = input.run.connect;
  return may_be_forgotten(input) ||
         (connect && connect->spoke && (connect->small_lost || connect->pause));
}

/// The RST acknowledges nothing.
bool may_have_started_anew(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  return is_foreign(input.run) && verdict.outcome == Outcome::closed_early &&
         lists(verdict.explanations, Mechanism::accept_then_close) &&
         lists(verdict.explanations, Mechanism::host_firewall_reset);
}

/// Two captures show whether it is large packets that do not arrive; else it may be, where small
/// ones were answered.
bool may_be_of_size(const ReportInput& input) {
  if (const auto* attempt = compared(input); attempt && compare::tells(*attempt))
    return is_lost_on_way(input) && !attempt->small_lost;
  const auto& connect = input.run.connect;
  return connect && connect->spoke && !connect->small_lost && !may_be_forgotten(input);
}

/// That it does not get a router's message about its packets is listed beside what small links do.
bool is_told_too_big(const ReportInput& input) {
  const auto& explanations = input.analysis.verdict.explanations;
  return input.analysis.verdict.outcome == Outcome::silent_service &&
         lists(explanations, Mechanism::local_input_filter) &&
         lists(explanations, Mechanism::data_blocked);
}

/// Of a run of our own: did the peer acknowledge all that was said to it?
std::optional<bool> was_heard(const Run& run) {
  const auto& connect = run.connect;
  if (is_foreign(run) || !connect || !connect->ssh || !connect->ssh->said) return {};
  std::optional<std::uint32_t> first;
  std::uint32_t heard = 0;
  for (const auto& seen : run.observations) {
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    if (!segment || segment->is_reset()) continue;
    if (seen.flow == connect->flow && segment->is_syn()) first = segment->sequence + 1;
    if (first && seen.flow == connect->flow.reversed() && segment->has(tcp_flag::ack))
      heard = std::max(heard, segment->acknowledgment - *first);
  }
  return heard >= connect->ssh->said_bytes;
}

/// On which way large packets may be lost: two captures know, and whoever speaks himself. Who reads
/// of others in one capture does not, where nothing came any more.
[[gnu::noinline]] only::Bits large_ways(const ReportInput& input) {
  const auto* attempt = compared(input);
  const auto way = attempt && is_lost_on_way(input) ? attempt->way : std::nullopt;
  if (way) return *way == compare::Way::back ? only::large_back : only::large_there;
  const bool ended = input.analysis.verdict.outcome != Outcome::silent_service;
  if (ended || is_told_too_big(input) || input.both) return only::large_there;
  const auto heard = was_heard(input.run);
  if (!heard) return only::large_there | only::large_back;
  return *heard ? only::large_back : only::large_there;
}

/// Routers that were met twice stand in the path table.
[[gnu::noinline]] bool has_repeated_rows(const Path& path) {
  std::set<IpAddress> met;
  return std::ranges::any_of(path.hops, [&](const Hop& hop) {
    return !hop.responders.empty() && !met.insert(hop.responders.front().address).second;
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
  return verdict.outcome == Outcome::dropped &&
         lists(verdict.explanations, Mechanism::local_neighbour);
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

/// At this hop somebody else stands on other ways, or the host answers from farther on.
bool is_before_host(const Path& path, std::uint8_t hop) {
  if (path.distance.destination) return hop < *path.distance.destination;
  return std::ranges::any_of(path.hops, [&](const Hop& one) {
    return one.distance == hop && one.target_flow != FlowState::answers && !one.responders.empty();
  });
}

/// A router asks in vain for the next machine, and that is not the host.
bool misses_next_router(const ReportInput& input) {
  const auto& analysis = input.analysis;
  return std::ranges::any_of(analysis.verdict.explanations, [&](const Explanation& one) {
    return one.mechanism == Mechanism::host_down && one.rank == 1 &&
           one.where.kind == CulpritKind::between && one.where.last_hop &&
           is_before_host(analysis.path, *one.where.last_hop);
  });
}

/// A rule that stands at hop 1 before it counts the packets, or on the link before it.
bool may_be_on_first_link(const Verdict& verdict) {
  const auto& where = verdict.culprit.where;
  return where.first_hop == 1 && where.last_hop == 1 &&
         std::ranges::any_of(verdict.explanations, [](const Explanation& one) {
           return one.rank == 1 && one.or_link_before;
         });
}

/// A virtual machine or container whose network is a program: nothing bounds the place, and no hop
/// passes anything on.
bool is_inside(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  const auto passes = [](const Hop& hop) {
    return hop.target_flow == FlowState::passes || hop.control_flow == FlowState::passes;
  };
  return verdict.culprit.where.first_hop == 1 && !verdict.culprit.where.last_hop &&
         std::ranges::none_of(input.analysis.path.hops, passes) &&
         has(verdict, CaveatId::hop_limit_rewritten);
}

bool is_this_machine(const ReportInput& input) {
  return input.run.facts.vantage.target_is_local || input.run.goal.target.address.is_loopback();
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

/// A capture without a walk tells how far it is to them, as hop numbers that nobody can look up.
bool is_nameless(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  const bool interval = where.kind == CulpritKind::between && !where.address;
  if (!interval || !is_foreign(input.run) || !where.first_hop || !where.last_hop) return false;
  return std::ranges::none_of(input.analysis.path.hops, [&](const Hop& hop) {
    return hop.distance >= *where.first_hop && hop.distance <= *where.last_hop && hop.distance > 0;
  });
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
  choose(is_nameless(input), only::nameless, only::always);
  choose(is_inside(input), only::inside, only::always);
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
                    address_that_works(input.run).has_value()};
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
