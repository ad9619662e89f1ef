#include "analysis/analyse.hpp"

#include <algorithm>

#include "analysis/correlate/correlator.hpp"
#include "analysis/model/in_order.hpp"
#include "analysis/model/services.hpp"
#include "analysis/path/half_open.hpp"
#include "analysis/path/path_builder.hpp"
#include "analysis/verdict/app_sees.hpp"
#include "analysis/verdict/caveats.hpp"
#include "analysis/verdict/discarded.hpp"
#include "analysis/verdict/judge.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/rejected_later.hpp"

namespace hopblame {
namespace {

/// An ICMP message decided, be it for some connections only.
bool by_message(const Finding& finding) {
  if (finding.outcome == Outcome::rejected || finding.outcome == Outcome::unreachable) return true;
  if (finding.outcome != Outcome::intermittent || finding.explanations.empty()) return false;
  const auto mechanism = finding.explanations.front().mechanism;
  return mechanism == Mechanism::icmp_reject_host || mechanism == Mechanism::icmp_reject_router;
}

const Reply* reply_of(const std::optional<Rejection>& rejection) {
  return rejection ? rejection->reply : nullptr;
}

const Reply* message_of(const Case& the_case, const Finding& finding) {
  if (by_message(finding)) return reply_of(deciding_rejection(the_case));
  if (finding.explanations.empty()) return nullptr;
  const auto mechanism = finding.explanations.front().mechanism;
  const bool by_router = mechanism == Mechanism::icmp_reject_router;
  if (finding.outcome == Outcome::dropped && by_router) return reply_of(deciding_discard(the_case));
  const bool told = by_router || mechanism == Mechanism::icmp_reject_host;
  return finding.outcome == Outcome::silent_service && told ? first_later_rejection(the_case)
                                                            : nullptr;
}

std::optional<DecidingIcmp> deciding_icmp(const Case& the_case, const Finding& finding) {
  if (const auto& only = the_case.run.connect_only; only && only->icmp)
    return DecidingIcmp{only->icmp->type, only->icmp->code, only->icmp->from, {}, {}};
  const auto* message = message_of(the_case, finding);
  if (!message) return {};
  const auto& reply = *message;
  DecidingIcmp icmp{reply.icmp->type, reply.icmp->code, reply.from, {}, reply.frame};
  if (reply.icmp->quote) icmp.quoted_hop_limit = reply.icmp->quote->hop_limit;
  return icmp;
}

/// The first line; of an SSH server its identification, lines may come before it (RFC 4253 4.2).
std::string banner_of(const ConnectRecord& connect) {
  std::string_view text = connect.greeting;
  if (connect.ssh && connect.ssh->identified && !text.starts_with("SSH-"))
    if (const auto line = text.find("\nSSH-"); line != text.npos) text.remove_prefix(line + 1);
  return std::string(text.substr(0, std::min(text.find('\r'), text.find('\n'))));
}

Service service_of(const Run& run) {
  Service service;
  if (const auto known = known_service(run.goal.target.port))
    service.name = std::string(known->name);
  const auto& connect = run.connect;
  if (!connect || !connect->ended || connect->error != 0) return service;
  service.spoke = connect->spoke.has_value();
  if (connect->spoke) service.banner = banner_of(*connect);
  return service;
}

/// Of our probes; of somebody else's packets all that were seen leaving.
PacketCounts counts_of(const Run& run, const Paired& paired) {
  PacketCounts counts;
  for (const auto& exchange : paired.exchanges) {
    if (is_foreign(run)) {
      counts.sent += exchange.left.size();
      counts.seen_leaving = counts.sent;
    } else if (exchange.origin == Origin::raw) {
      ++counts.sent;
      counts.seen_leaving += exchange.sent();
    }
  }
  counts.received = paired.received;
  counts.rejected_as_forged = paired.misfits;
  counts.capture_drops = run.facts.dropped;
  return counts;
}

std::vector<Explanation> by_rank(std::vector<Explanation> explanations) {
  put_in_order(explanations, &Explanation::rank);
  return explanations;
}

/// Who rejects may have said nothing but that.
void put_first(Hop& hop, const std::vector<IpAddress>& of_way) {
  if (of_way.empty()) return;
  const auto& sender = of_way.front();
  std::erase(hop.responders, sender);
  hop.responders.insert(hop.responders.begin(), sender);
}

/// Where ways divide: of routers that share a hop, those of the judged flow come first, and it is
/// that flow which passes or ends.
void follow(Path& path, const Way& way) {
  for (auto& hop : path.hops) {
    std::stable_partition(hop.responders.begin(), hop.responders.end(),
                          [&](const IpAddress& responder) {
                            return std::ranges::find(way.routers, responder) != way.routers.end();
                          });
    const auto own = std::ranges::find(way.path.hops, hop.distance, &Hop::distance);
    if (own != way.path.hops.end() && own->target_flow == FlowState::blocked)
      put_first(hop, own->responders);
    hop.target_flow = own == way.path.hops.end() ? FlowState::not_asked : own->target_flow;
  }
  // The other flows may have come farther, or this one.
  const auto last = path.hops.empty() ? 0u : unsigned{path.hops.back().distance};
  std::ranges::copy_if(way.path.hops, std::back_inserter(path.hops),
                       [&](const Hop& hop) { return hop.distance > last; });
  const auto tells_nothing = [](const Hop& hop) {
    return hop.target_flow == FlowState::not_asked && hop.control_flow == FlowState::not_asked;
  };
  while (!path.hops.empty() && tells_nothing(path.hops.back())) path.hops.pop_back();
  path.distance.target_flow = way.path.distance.target_flow;
}

/// What a router stops later began with a SYN that it let pass, if it did not accept that itself.
bool lets_syn_pass(const Verdict& verdict, const std::vector<Explanation>& found) {
  const bool accepted =
      verdict.outcome == Outcome::closed_early || verdict.outcome == Outcome::silent_service;
  return accepted && verdict.culprit.where.kind == CulpritKind::router &&
         !lists(found, Mechanism::syn_proxy) && !lists(found, Mechanism::transparent_proxy);
}

/// Where a router gives the port another destination, its packets go on to whoever that is; where
/// nobody is found, to nobody.
Where end_of_port(const Verdict& verdict, const Finding& finding) {
  const auto& found = finding.explanations;
  // Nobody ends what goes round until its hop limit is spent.
  if (lists(found, Mechanism::routing_loop) || lets_syn_pass(verdict, found)) return {};
  if (found.size() < 2 || found[0].mechanism != Mechanism::transparent_proxy)
    return verdict.culprit.where;
  // Where it ends a connection itself, what else fits would end it farther on.
  const bool after_handshake =
      verdict.outcome == Outcome::closed_early || verdict.outcome == Outcome::silent_service;
  if (after_handshake && found[1].where.kind != CulpritKind::router) return verdict.culprit.where;
  return found[1].mechanism == Mechanism::host_down ? Where{} : found[1].where;
}

/// Our probes, which may fare otherwise than the connection.
bool is_accepted(const Walk& target) {
  const auto end = target.first_end();
  return end && std::ranges::none_of(target.steps.at(*end).ends, [](const Reply* reply) {
           return reply->kind == ReplyKind::reset_ack || reply->kind == ReplyKind::icmp_error;
         });
}

/// The flow gets through, or the host turns it away.
bool ends_at_owner(const Case& the_case, const Verdict& verdict, const Finding& finding) {
  const bool open = verdict.outcome == Outcome::open;
  const auto is_its = [&](const Explanation& one) {
    if (one.rank != 1) return false;
    const bool placed = one.where.kind == CulpritKind::destination && one.where.last_hop;
    return open ? one.mechanism == Mechanism::listening : placed;
  };
  return (!open || is_accepted(the_case.target)) &&
         std::ranges::any_of(finding.explanations, is_its);
}

Path path_of(const Case& the_case, const Verdict& verdict, const Finding& finding) {
  auto path = build_path(the_case.target, the_case.control,
                         flow_end(verdict.outcome, end_of_port(verdict, finding)),
                         ends_at_owner(the_case, verdict, finding));
  if (finding.way) follow(path, *finding.way);
  // To this machine's own address there is no path: the walk's first step is the host itself.
  if (the_case.run.facts.vantage.target_is_local) path = {{}, {0, 0}};
  return path;
}

}  // namespace

Analysis analyse(const Run& run) {
  const auto correlator = correlate(run);
  Paired paired{correlator.exchanges(), correlator.neighbour_messages(), correlator.misfits(),
                correlator.received(), correlator.misfit_answers()};
  const auto packets = counts_of(run, paired);
  const auto judged = answerable(paired.exchanges, run.ended);
  paired.exchanges = judged;
  auto analysis = analyse(run, paired);
  analysis.packets = packets;
  return analysis;
}

Analysis analyse(const Run& run, const Paired& paired) {
  const auto the_case = make_case(run, paired);
  auto finding = find_cause(the_case);
  Analysis analysis;
  analysis.verdict.outcome = finding.outcome;
  analysis.verdict.culprit = culprit_of(finding);
  analysis.verdict.probes_fare_otherwise = finding.probes_fare_otherwise;
  analysis.verdict.caveats = caveats_of(the_case, finding);
  analysis.path = path_of(the_case, analysis.verdict, finding);
  analysis.app_sees = app_sees(the_case, finding);
  analysis.icmp = deciding_icmp(the_case, finding);
  analysis.service = service_of(run);
  analysis.packets = counts_of(run, paired);
  count(analysis.attempts, finding.outcome);
  analysis.verdict.explanations = by_rank(std::move(finding.explanations));
  return analysis;
}

}  // namespace hopblame
