#include "analysis/verdict/connect_only.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/connect_accepted.hpp"
#include "analysis/verdict/connect_causes.hpp"
#include "analysis/verdict/local.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// A router's own word. A code of the routing table is also what a rule may send, and in IPv4 a
/// neighbour that is not found and an unreachable route give the same (measured, section 1).
struct Told {
  Mechanism first;
  std::optional<Mechanism> second{};  ///< as good
  bool rule_at_rank_2 = false;
};

Told told_by_router(const Case& the_case, const QueuedIcmp& icmp) {
  const auto family = icmp.from.family;
  if (is_admin_prohibited(family, icmp.type, icmp.code))
    return {Mechanism::icmp_reject_router, Mechanism::route_prohibited};
  if (is_host_unreachable(family, icmp.type, icmp.code)) {
    const bool route_too = family == Family::ipv4 && !took_time(*the_case.run.connect);
    return {Mechanism::host_down, route_too ? std::optional(Mechanism::no_route) : std::nullopt,
            true};
  }
  if (is_routing_code(family, icmp.type, icmp.code)) return {Mechanism::no_route, {}, true};
  return {Mechanism::icmp_reject_router};
}

/// An address that passes the port on says so for what lies behind it.
Told told_by_owner(const Case& the_case, const QueuedIcmp& icmp) {
  const bool inside = the_case.run.facts.vantage.target_is_local;
  if (!inside && is_host_unreachable(icmp.from.family, icmp.type, icmp.code))
    return {Mechanism::port_forward, Mechanism::host_down, true};
  return {Mechanism::icmp_reject_host};
}

bool is_time_exceeded(const QueuedIcmp& icmp) {
  return icmp.type == (icmp.from.family == Family::ipv4 ? 11 : 3);
}

bool is_rule(Mechanism mechanism) {
  return mechanism == Mechanism::icmp_reject_host || mechanism == Mechanism::icmp_reject_router;
}

Finding told_by_icmp(const Case& the_case, const QueuedIcmp& icmp) {
  const bool from_owner = icmp.from == the_case.owner();
  auto told = from_owner ? told_by_owner(the_case, icmp) : told_by_router(the_case, icmp);
  if (is_time_exceeded(icmp)) told = {Mechanism::routing_loop, {}, true};
  const auto text = say("connect() to port {} ended with ICMP{} type {} code {} ({}) from {}.",
                        port_of(the_case), icmp.from.family == Family::ipv6 ? "v6" : "", icmp.type,
                        icmp.code, IcmpCode{icmp.from.family, icmp.type, icmp.code}, icmp.from);
  const auto host = connect_target(the_case);
  const auto sender =
      from_owner ? host : Where{CulpritKind::router, std::uint8_t{1}, {}, icmp.from};
  Finding finding{
      is_rule(told.first) ? Outcome::rejected : Outcome::unreachable, {}, Confidence::weak};
  const auto add = [&](Mechanism mechanism, unsigned rank) {
    const auto& where = mechanism == Mechanism::host_down ? host : sender;
    auto look = is_rule(mechanism) && rank == 2
                    ? say("the rules and routes of the device that sent it")
                    : Text();
    finding.explanations.push_back(
        by_connect(the_case, mechanism, where, text, std::move(look), rank));
  };
  add(told.first, 1);
  if (told.second) add(*told.second, 1);
  if (told.rule_at_rank_2)
    add(from_owner ? Mechanism::icmp_reject_host : Mechanism::icmp_reject_router, 2);
  return finding;
}

/// EHOSTUNREACH from nobody but this machine: ARP or ND on its own link failed.
Explanation no_neighbour(const Case& the_case) {
  const auto& gateway = the_case.run.facts.vantage.gateway;
  const auto missing = gateway.value_or(the_case.owner());
  const auto text =
      say("connect() failed with EHOSTUNREACH and no router said so: {} does not answer on this "
          "machine's own link.",
          missing);
  const Where next{gateway ? CulpritKind::router : CulpritKind::destination, std::uint8_t{1},
                   std::uint8_t{1}, missing};
  return by_connect(the_case, gateway ? Mechanism::local_neighbour : Mechanism::host_down, next,
                    text, say("`ip neigh` on this machine"));
}

Explanation rule_here(const Case& the_case, const Text& text) {
  return by_connect(the_case, Mechanism::local_output_filter, this_host, text,
                    say("`nft list ruleset` on this machine"));
}

/// The kernel asks its neighbour for three seconds and then says so; at once comes what a rule or a
/// route of this machine says, and the memory of a neighbour asked for in vain.
Finding stopped_here(const Case& the_case, bool by_icmp, const Text& text) {
  const auto& connect = *the_case.run.connect;
  const auto family = the_case.owner().family;
  const int error = connect.error;
  const bool slow = took_time(connect);
  Finding finding{Outcome::local, {}, Confidence::strong};
  if (error == EHOSTUNREACH) finding.explanations.push_back(no_neighbour(the_case));
  if (may_be_route(error) && !slow && !by_icmp)
    finding.explanations.push_back(
        by_connect(the_case, Mechanism::local_route, this_host, text,
                   say("`ip rule` on this machine: a rule may give this port routes of its own")));
  const bool no_other = finding.explanations.empty();
  if (no_other || (!(slow && error == EHOSTUNREACH) && may_be_rule(error, family)))
    finding.explanations.push_back(rule_here(the_case, text));
  const auto& found = finding.explanations;
  const auto is_here = [](const Explanation& one) { return one.where.last_hop == 0; };
  if (!std::ranges::all_of(found, is_here)) finding.confidence = Confidence::weak;
  if (found.front().mechanism == Mechanism::host_down) finding.outcome = Outcome::unreachable;
  return finding;
}

Finding told_by_errno(const Case& the_case) {
  return stopped_here(
      the_case, false,
      fmt::format("connect() to port {} failed with {}, and no message came: this machine itself "
                  "refuses to send.",
                  port_of(the_case), failure_text(the_case.run.connect->error)));
}

/// The kernel sends itself the message that its own rules and its own ARP lead to.
Finding told_by_ourselves(const Case& the_case, const QueuedIcmp& icmp) {
  return stopped_here(
      the_case, true,
      say("connect() to port {} failed with \"{}\" from this machine itself: a rule of this "
          "machine's own firewall refuses to send.",
          port_of(the_case), IcmpCode{icmp.from.family, icmp.type, icmp.code}));
}

}  // namespace

Finding judge_connect(const Case& the_case) {
  if (the_case.run.facts.vantage.route_error != 0)
    if (auto local = judge_departure(the_case)) return *local;
  const auto& connect = the_case.run.connect;
  if (!connect) return {};
  const bool gave_up = !connect->ended || connect->error == ETIMEDOUT;
  const auto& vantage = the_case.run.facts.vantage;
  const auto& only = the_case.run.connect_only;
  if (const auto icmp = only ? only->icmp : std::nullopt)
    return icmp->from == vantage.local && !vantage.target_is_local
               ? told_by_ourselves(the_case, *icmp)
               : told_by_icmp(the_case, *icmp);
  if (gave_up) return the_case.run.facts.interrupted ? Finding{} : connect_silent(the_case);
  switch (connect->error) {
    case 0: return connect_accepted(the_case);
    case ECONNRESET:
    case EPIPE: return connect_ended(the_case);
    case ECONNREFUSED: return connect_refused(the_case);
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EINVAL:
    case EPERM:
    case EACCES: return told_by_errno(the_case);
    default: return {};
  }
}

}  // namespace hopblame
