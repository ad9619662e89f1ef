#include "analysis/verdict/connect_only.hpp"

#include <cerrno>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/model/services.hpp"
#include "analysis/verdict/local.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

const Where on_the_way{CulpritKind::unknown, std::uint8_t{1}, {}, {}};

Where the_destination(const Case& the_case) {
  return {CulpritKind::destination, std::uint8_t{1}, {}, the_case.owner()};
}

Text privileged_run() { return say("a run with permission to send and capture packets"); }

/// How the same address answers on the other port: one witness more.
Evidence control_port(const Case& the_case) {
  const auto& only = *the_case.run.connect_only;
  const auto port = the_case.run.goal.control_port;
  if (!only.control_error)
    return {say("Port {} of the same address does not answer either.", port), {}};
  if (*only.control_error == ECONNREFUSED)
    return {say("Port {} of the same address is refused at once.", port), {}};
  if (*only.control_error == 0)
    return {say("Port {} of the same address accepts a connection.", port), {}};
  return {say("Port {} of the same address ends in another error.", port), {}};
}

Explanation explain(const Case& the_case, Mechanism mechanism, const Where& where, Text evidence,
                    Text settled_by = privileged_run(), unsigned rank = 1) {
  Explanation made{mechanism, rank, where, {{std::move(evidence), {}}}, {}, std::move(settled_by)};
  const auto& only = the_case.run.connect_only;
  if (only && only->control_asked) made.because.push_back(control_port(the_case));
  return made;
}

Finding refused(const Case& the_case) {
  const auto text = say(
      "connect() to port {} was refused: a RST came back in the name of {}. Who made it cannot be "
      "seen from here.",
      port_of(the_case), the_case.owner());
  const auto at_host = the_destination(the_case);
  return {Outcome::refused,
          {explain(the_case, Mechanism::closed_port, at_host, text, say("`ss -ltn` on the host")),
           explain(the_case, Mechanism::host_firewall_reset, at_host, text,
                   say("the firewall rules of the host")),
           explain(the_case, Mechanism::middlebox_reset, on_the_way, text)},
          Confidence::weak};
}

Mechanism mechanism_of(const QueuedIcmp& icmp, bool from_owner) {
  const auto family = icmp.from.family;
  const std::uint8_t time_exceeded = family == Family::ipv4 ? 11 : 3;
  if (icmp.type == time_exceeded) return Mechanism::routing_loop;
  if (from_owner) return Mechanism::icmp_reject_host;
  if (is_admin_prohibited(family, icmp.type, icmp.code)) return Mechanism::icmp_reject_router;
  if (is_host_unreachable(family, icmp.type, icmp.code)) return Mechanism::host_down;
  return is_routing_code(family, icmp.type, icmp.code) ? Mechanism::no_route
                                                       : Mechanism::icmp_reject_router;
}

/// A rule may send any code, so both readings of a routing code are listed.
Finding told_by_icmp(const Case& the_case, const QueuedIcmp& icmp) {
  const bool from_owner = icmp.from == the_case.owner();
  const auto first = mechanism_of(icmp, from_owner);
  const auto text = say("connect() to port {} ended with ICMP{} type {} code {} ({}) from {}.",
                        port_of(the_case), icmp.from.family == Family::ipv6 ? "v6" : "", icmp.type,
                        icmp.code, IcmpCode{icmp.from.family, icmp.type, icmp.code}, icmp.from);
  const Where sender{
      from_owner ? CulpritKind::destination : CulpritKind::router, std::uint8_t{1}, {}, icmp.from};
  const bool rule = first == Mechanism::icmp_reject_host || first == Mechanism::icmp_reject_router;
  Finding finding{rule ? Outcome::rejected : Outcome::unreachable, {}, Confidence::weak};
  const auto place = first == Mechanism::host_down ? the_destination(the_case) : sender;
  finding.explanations.push_back(explain(the_case, first, place, text));
  if (!rule)
    finding.explanations.push_back(explain(the_case, Mechanism::icmp_reject_router, sender, text,
                                           say("the rules and routes of the device that sent it"),
                                           2));
  return finding;
}

/// EHOSTUNREACH from nobody but this machine: ARP or ND on its own link failed.
Finding no_neighbour(const Case& the_case) {
  const auto& gateway = the_case.run.facts.vantage.gateway;
  const auto missing = gateway.value_or(the_case.owner());
  const auto text =
      say("connect() failed with EHOSTUNREACH and no router said so: {} does not answer on this "
          "machine's own link.",
          missing);
  const Where next{gateway ? CulpritKind::router : CulpritKind::destination, std::uint8_t{1},
                   std::uint8_t{1}, missing};
  if (gateway)
    return {Outcome::local,
            {explain(the_case, Mechanism::local_neighbour, next, text,
                     say("`ip neigh` on this machine"))},
            Confidence::weak};
  return {Outcome::unreachable,
          {explain(the_case, Mechanism::host_down, next, text, say("`ip neigh` on this machine"))},
          Confidence::weak};
}

Finding refused_here(const Case& the_case, const Text& text) {
  return {Outcome::local,
          {explain(the_case, Mechanism::local_output_filter, this_host, text,
                   say("`nft list ruleset` on this machine"))},
          Confidence::strong};
}

Text by_rule(const Case& the_case, std::string_view error) {
  return say(
      "connect() to port {} failed with {}: a rule of this machine's own firewall refuses to send.",
      port_of(the_case), error);
}

/// The kernel sends itself the message that its own rules and its own ARP lead to.
Finding told_by_ourselves(const Case& the_case, const QueuedIcmp& icmp) {
  if (is_host_unreachable(icmp.from.family, icmp.type, icmp.code)) return no_neighbour(the_case);
  return refused_here(
      the_case,
      say("connect() to port {} failed with \"{}\" from this machine itself: a rule of this "
          "machine's own firewall refuses to send.",
          port_of(the_case), IcmpCode{icmp.from.family, icmp.type, icmp.code}));
}

Finding silent(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  const auto until = connect.ended.value_or(the_case.run.ended);
  const auto text = say("connect() to port {} got no answer of any kind in {} seconds.",
                        port_of(the_case), Seconds{until - connect.at});
  const auto& only = *the_case.run.connect_only;
  Finding finding{Outcome::dropped,
                  {explain(the_case, Mechanism::filter_drop, on_the_way, text)},
                  Confidence::weak};
  if (only.control_error) {  // somebody answers for the address: not everything is dropped
    finding.explanations.push_back(explain(the_case, Mechanism::syn_filter, on_the_way, text));
    finding.explanations.push_back(
        explain(the_case, Mechanism::accept_queue_full, the_destination(the_case), text));
  } else {
    finding.explanations.push_back(explain(the_case, Mechanism::host_silent, on_the_way, text));
    finding.explanations.push_back(explain(the_case, Mechanism::blackhole, on_the_way, text));
  }
  return finding;
}

Finding connected(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  const auto service = known_service(the_case.run.goal.target.port);
  const bool greeted =
      connect.spoke && (!service || connect.greeting.starts_with(service->greeting));
  const auto text = say("connect() to port {} succeeded.", port_of(the_case));
  if (connect.closed && !greeted)
    return {Outcome::closed_early,
            {explain(the_case, Mechanism::accept_then_close, on_the_way, text)},
            Confidence::weak};
  if (service && service->speaks_first && !connect.spoke)
    return {Outcome::silent_service,
            {explain(the_case, Mechanism::data_blocked, on_the_way, text),
             explain(the_case, Mechanism::tarpit, on_the_way, text)},
            Confidence::weak};
  auto open = explain(the_case, Mechanism::listening, {CulpritKind::none, {}, {}, {}}, text,
                      say("nothing: it works"));
  return {Outcome::open, {std::move(open)}, Confidence::strong};
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
  if (gave_up) return the_case.run.facts.interrupted ? Finding{} : silent(the_case);
  switch (connect->error) {
    case 0: return connected(the_case);
    case ECONNREFUSED: return refused(the_case);
    case EHOSTUNREACH: return no_neighbour(the_case);
    case EPERM: return refused_here(the_case, by_rule(the_case, "EPERM"));
    case EACCES: return refused_here(the_case, by_rule(the_case, "EACCES"));
    default: return {};
  }
}

}  // namespace hopblame
