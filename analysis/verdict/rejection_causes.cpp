#include "analysis/verdict/rejection_causes.hpp"

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/diverted.hpp"
#include "analysis/verdict/link_before.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/rejection_place.hpp"
#include "analysis/verdict/rejection_witnesses.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

IcmpCode code_of(const RejectionFacts& facts) { return {facts.family, facts.type, facts.code}; }

/// The owner's name may be one that a router's message got on the way back.
Text asks_in_vain(const Case& the_case, const RejectionFacts& facts) {
  const auto told_of = [&](const auto& sender) {
    return say(
        "The answer took {} s: so long {} asks in vain for the next machine, the host itself "
        "if it is on that router's link, else the next router.",
        Seconds{facts.latest}, sender);
  };
  const bool renamed = facts.from_owner && diversion_of(the_case);
  return renamed ? told_of(Term("its sender")) : told_of(facts.from);
}

/// A host quotes the SYN as it arrived, so the quote tells how far it came (measured, section 3):
/// that bounds a place whose nearer answers were lost.
Where host_by_quote(const Case& the_case, const RejectionFacts& facts) {
  if (the_case.run.facts.vantage.target_is_local) return at_destination(the_case, 0);
  // The control port of an address that forwards is the forwarder's own.
  const auto host = the_case.address_forwards() ? std::nullopt : the_case.host.distance;
  auto where = at_destination(the_case, host ? host : facts.place.last);
  const auto travelled = quoted_travel(facts);
  if (!travelled) return where;
  const auto arrived = static_cast<std::uint8_t>(*travelled + 1);
  if (!where.last_hop) where.first_hop = where.last_hop = arrived;
  if (arrived > *where.first_hop || the_case.time_exceeded_at(arrived)) return where;
  where.first_hop = arrived;
  // Two witnesses: the way there by the quote, and the way back.
  if (!host && the_case.right_behind_the_hop_before(arrived, *facts.rejection.reply))
    where.last_hop = arrived;
  return where;
}

Text look_for_it(const Case& the_case, const RejectionFacts& facts, const Where& where) {
  if (facts.from_owner)
    return say(
        "the ARP or neighbour table of {}: which host behind it gets no answer, and is that one "
        "on?",
        facts.from);
  if (where.kind != CulpritKind::destination)
    return say(
        "`ip rule`, `ip route get {} ipproto tcp dport {}` and the neighbour table of {}: to which "
        "next router does it send this port, or some of its flows, and is that one on?",
        the_case.owner(), port_of(the_case), facts.from);
  return say(
      "`ip route get {}` and the ARP or neighbour table of {}: does it ask for the host itself, or "
      "for another router (`via`)? Is that machine on, on that network segment?",
      the_case.owner(), facts.from);
}

}  // namespace

Where missing_machine(const Case& the_case, std::uint8_t hop) {
  const auto& host = the_case.host.distance;
  const auto* passed = the_case.time_exceeded_at(hop);
  const bool farther = host ? *host > hop : passed != nullptr && passed->from != the_case.owner();
  if (!farther || hop < 2 || the_case.address_forwards()) return at_destination(the_case, hop);
  return within(the_case, static_cast<std::uint8_t>(hop - 1), hop);
}

Explanation rule_on_host(const Case& the_case, const RejectionFacts& facts) {
  return {Mechanism::icmp_reject_host,
          1,
          host_by_quote(the_case, facts),
          rejection_witnesses(the_case, facts),
          {},
          say("the rule counters and logs on {}: which rule rejects with \"{}\"? A ban (`sudo "
              "fail2ban-client status`) holds for some sources only: try from another source.",
              facts.from, code_of(facts))};
}

Explanation rule_on_router(const Case& the_case, const RejectionFacts& facts) {
  auto because = rejection_witnesses(the_case, facts);
  const auto where = router_place(the_case, facts, false);
  add(because, borrowed_name(the_case, facts, where));
  const auto* ack = the_case.first_reply(ProbeKind::ack, Aim::target);
  if (ack && ack->from == the_case.owner())
    because.push_back(
        {say("Segments that are not SYNs pass it and reach the host."), {ack->frame}});
  const auto look = [&](const auto& device) {
    return say("the rule counters and logs on {}: which rule rejects with \"{}\"?", device,
               code_of(facts));
  };
  Explanation found{Mechanism::icmp_reject_router,
                    1,
                    where,
                    std::move(because),
                    {},
                    facts.from_owner ? look(place_named(the_case, where)) : look(facts.from)};
  // A sender that gives its own name is no bridge.
  if (facts.from_owner) tell_link_before(the_case, found);
  return found;
}

Explanation route_of_translated(const Case& the_case, const RejectionFacts& facts) {
  const auto where = router_place(the_case, facts, false);
  auto because = rejection_witnesses(the_case, facts);
  add(because, borrowed_name(the_case, facts, where));
  return {
      Mechanism::no_route,
      1,
      where,
      std::move(because),
      {},
      say("the address translation (DNAT) rules on {}: where do they send port {}, and has it a "
          "route there?",
          place_named(the_case, where), port_of(the_case))};
}

Explanation route(const Case& the_case, const RejectionFacts& facts) {
  const bool prohibited = is_admin_prohibited(facts.family, facts.type, facts.code);
  return {prohibited ? Mechanism::route_prohibited : Mechanism::no_route,
          1,
          router_place(the_case, facts, true),
          rejection_witnesses(the_case, facts),
          {},
          say("`ip route get {}` (or `show ip route`) on {}.", the_case.owner(), facts.from)};
}

Explanation route_by_port(const Case& the_case, const RejectionFacts& facts) {
  auto found = route(the_case, facts);
  found.settled_by = say(
      "`ip rule` and `ip route get {} ipproto tcp dport {}` on {}: a routing rule may give this "
      "port routes of its own.",
      the_case.owner(), port_of(the_case), facts.from);
  return found;
}

Explanation route_behind(const Case& the_case, const RejectionFacts& facts, const Where& where,
                         unsigned rank) {
  return {Mechanism::no_route,
          rank,
          where,
          rejection_witnesses(the_case, facts),
          {},
          say("the port forwarding (DNAT) rules on {}: if port {} goes to another host, have {} "
              "and the "
              "routers behind it a route there?",
              the_case.owner(), port_of(the_case), the_case.owner())};
}

Explanation host_down(const Case& the_case, const RejectionFacts& facts) {
  auto because = rejection_witnesses(the_case, facts);
  if (facts.latest >= neighbour_failure && !facts.between_failures)
    because.push_back({asks_in_vain(the_case, facts), {facts.told_latest}});
  const auto where = missing_machine(the_case, static_cast<std::uint8_t>(sender_hop(facts) + 1));
  return {Mechanism::host_down, 1,  where,
          std::move(because),   {}, look_for_it(the_case, facts, where)};
}

}  // namespace hopblame
