#include "analysis/verdict/out_of_sight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/connect_causes.hpp"
#include "analysis/verdict/connect_only.hpp"
#include "analysis/verdict/own_rules.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// What connect() would return for such an answer.
std::optional<int> error_of(const Reply& reply) {
  switch (reply.kind) {
    case ReplyKind::syn_ack: return 0;
    case ReplyKind::reset:
    case ReplyKind::reset_ack: return ECONNREFUSED;
    default: break;
  }
  if (!is_rejection(reply)) return {};
  return icmp_errno(reply.from.family, reply.icmp->type, reply.icmp->code);
}

/// Of all SYNs to the port that were seen leaving; no answer is one too.
std::set<int> errors_seen(const Case& the_case) {
  std::set<int> seen;
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (!exchange->answered() && exchange->spec.question.hop_limit == full_hop_limit)
      seen.insert(ETIMEDOUT);
    for (const auto& reply : exchange->replies)
      if (const auto error = error_of(reply)) seen.insert(*error);
  }
  return seen;
}

const char* interface_of(const Case& the_case) {
  return the_case.run.facts.vantage.interface.c_str();
}

Evidence never_seen(const Case& the_case) {
  return {fmt::format("Its SYN never appeared on {}: a rule of this machine turned it elsewhere (a "
                      "redirect, a local proxy), or a rule of its routing table sent it by another "
                      "interface.",
                      interface_of(the_case)),
          {}};
}

/// The capture itself may have missed them.
bool is_blind(const Case& the_case) {
  return the_case.run.facts.dropped > 0 || the_case.run.facts.interface_lost;
}

/// Somebody answered, and not here: connect() is the only witness.
Finding answered_elsewhere(const Case& the_case) {
  auto finding = judge_connect(the_case);
  finding.confidence = Confidence::weak;
  if (is_blind(the_case)) return finding;
  const bool left = connect_left(the_case);
  for (auto& explanation : finding.explanations)
    explanation.because.push_back(
        left ? Evidence{fmt::format("Its SYN left by {}, and no answer came in there: the answers "
                                    "take another interface.",
                                    interface_of(the_case)),
                        the_case.kernel_syn->left}
             : never_seen(the_case));
  if (left || finding.outcome == Outcome::refused) return finding;
  finding.explanations.push_back({Mechanism::transparent_proxy,
                                  1,
                                  this_host,
                                  {never_seen(the_case)},
                                  {},
                                  "the address translation rules of this machine: `sudo nft list "
                                  "ruleset`, `sudo iptables -t nat -vnL OUTPUT`."});
  return finding;
}

/// The kernel named it to others of the SYNs to the port.
bool is_filter(const Case& the_case) {
  return std::ranges::any_of(the_case.exchanges, [](const Exchange& exchange) {
    const auto& question = exchange.spec.question;
    return question.kind == ProbeKind::syn && question.aim == Aim::target &&
           exchange.error == EPERM;
  });
}

Evidence refused_others() {
  return {
      "This machine refused to send others of the SYNs to the port: EPERM (operation not "
      "permitted), the word of a filter.",
      {}};
}

Finding stopped_here(const Case& the_case, int error) {
  const auto& connect = *the_case.run.connect;
  const Evidence evidence{
      fmt::format(
          "SYNs of the same kind left this machine, but that of an ordinary connect() never "
          "appeared on {}{}.",
          interface_of(the_case),
          connect.ended ? fmt::format(", and it failed with {} {}", failure_text(error),
                                      after_text(*connect.ended - connect.at))
                        : std::string()),
      {}};
  Finding finding{Outcome::local, {}, connect.ended ? Confidence::strong : Confidence::weak};
  const auto add = [&](Mechanism mechanism, const Where& where, const char* look) {
    finding.explanations.push_back({mechanism, 1, where, {evidence}, {}, look});
  };
  const bool neighbour = error == EHOSTUNREACH;
  const bool rule =
      !(neighbour && took_time(connect)) && may_be_rule(error, the_case.owner().family);
  const bool filter = rule && is_filter(the_case);
  if (may_be_route(error) && !filter)
    add(Mechanism::local_route, this_host,
        "`ip rule` on this machine: a rule may give this port, user or mark routes of its own");
  // One that was just asked for in vain is remembered, and fails at once (Linux neighbour table).
  if (neighbour && !filter)
    add(Mechanism::local_neighbour, {CulpritKind::router, 1, 1, {}},
        "`ip rule` and `ip neigh` on this machine: which gateway is asked for in vain?");
  if (rule) add(Mechanism::local_output_filter, this_host, output_counters);
  if (filter) finding.explanations.back().because.push_back(refused_others());
  return finding;
}

bool stops_here(int error) {
  return may_be_route(error) || error == EPERM || error == ECONNREFUSED;
}

bool any_left(const Case& the_case) {
  return std::ranges::any_of(the_case.probes(ProbeKind::syn, Aim::target),
                             [](const Exchange* exchange) { return exchange->sent(); });
}

}  // namespace

std::optional<Finding> judge_out_of_sight(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  const auto& facts = the_case.run.facts;
  if (!connect || facts.interrupted || !facts.sees_outbound) return {};
  if (!connect->ended && connect_left(the_case)) return {};
  const int error = connect->ended ? connect->error : ETIMEDOUT;
  const auto seen = errors_seen(the_case);
  if (seen.contains(error)) return {};
  if (connect->ended && connect->error == 0) return answered_elsewhere(the_case);
  if (!any_left(the_case)) return {};
  if (connect_left(the_case))
    return error == ECONNREFUSED ? std::optional(answered_elsewhere(the_case)) : std::nullopt;
  if (is_blind(the_case) || !stops_here(error)) return {};
  return stopped_here(the_case, error);
}

}  // namespace hopblame
