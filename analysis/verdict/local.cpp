#include "analysis/verdict/local.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

bool is_beyond_scope(const Reply& reply) {
  return reply.kind == ReplyKind::icmp_error && reply.icmp && reply.from.family == Family::ipv6 &&
         reply.icmp->type == 1 && reply.icmp->code == 2;
}

std::string list(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Errors of a route that says no (Linux fib_props): they come at once, without a packet.
const char* route_meaning(int error) {
  switch (error) {
    case EACCES: return "its routing table prohibits it (a `prohibit` route)";
    case EINVAL: return "its routing table throws it away (a `blackhole` route)";
    case EHOSTUNREACH: return "its routing table calls it unreachable (an `unreachable` route)";
    default: return "its routing table has no route to it";
  }
}

Explanation interface_down(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  auto down = vantage.down_interfaces;
  if (down.empty() && !vantage.interface.empty()) down.push_back(vantage.interface);
  return {Mechanism::local_interface,
          1,
          this_host,
          {{fmt::format("Network interface {} is down or has no link.", list(down)), {}}},
          {},
          "`ip link` on this machine: an interface that should be UP says DOWN or NO-CARRIER."};
}

std::optional<Finding> no_route(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  if (vantage.route_error == 0) return {};
  Explanation route{Mechanism::local_route, 1, this_host, {}, {}, ""};
  route.because.push_back(
      {fmt::format(
           "This machine cannot even send to {}: {}. The kernel says {} at once, and no packet "
           "left.",
           to_string(the_case.owner()), route_meaning(vantage.route_error),
           failure_text(vantage.route_error)),
       {}});
  route.settled_by = fmt::format("`ip route get {}` on this machine.", to_string(the_case.owner()));
  Finding finding{Outcome::local, {}, Confidence::certain};
  // A route goes away together with its interface; a route that says no on purpose does not.
  if (vantage.route_error == ENETUNREACH && !vantage.down_interfaces.empty())
    finding.explanations.push_back(interface_down(the_case));
  finding.explanations.push_back(std::move(route));
  return finding;
}

/// Nobody can answer a loopback address, and what leaves by the loopback interface stays here.
std::optional<Finding> no_way_out(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  if (vantage.target_is_local || vantage.route_error != 0) return {};
  const bool any_answer = std::ranges::any_of(
      the_case.exchanges, [](const Exchange& exchange) { return exchange.answered(); });
  const bool inside = vantage.local.is_loopback() || vantage.interface == "lo";
  if (!inside || any_answer) return {};
  return Finding{
      Outcome::local,
      {{Mechanism::local_route,
        1,
        this_host,
        {{fmt::format("Packets for {} leave with the source address {} by {}: no other machine can "
                      "answer them.",
                      to_string(the_case.owner()), to_string(vantage.local), vantage.interface),
          {}}},
        {},
        "`ip address` on this machine: has it an address of this family on a link that leads "
        "out?"}},
      Confidence::strong};
}

/// No router may send on what bears a link-local source address (RFC 4291 section 2.5.6, RFC 3927
/// section 7): the host's answers would have nowhere to go. A router that says so gives a code that
/// no rule sends (RFC 4443 section 3.1).
std::optional<Finding> source_stays_on_link(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  const auto& owner = the_case.owner();
  if (!vantage.local.is_link_local() || owner.is_link_local() || owner.is_multicast()) return {};
  const Reply* told = nullptr;
  for (const auto& exchange : the_case.exchanges)
    for (const auto& reply : exchange.replies) {
      if (reply.from == owner) return {};  // on this very link it may be answered
      if (!told && is_beyond_scope(reply)) told = &reply;
    }
  Explanation route{Mechanism::local_route, 1, this_host, {}, {}, ""};
  route.because.push_back(
      {fmt::format("Packets for {} leave with the source address {}, which is good on this "
                   "machine's own link only: {} has no address by which others can answer it.",
                   to_string(owner), to_string(vantage.local), vantage.interface),
       {}});
  if (told)
    route.because.push_back(
        {fmt::format("{} says so: \"{}\".", to_string(told->from),
                     icmp_text(told->from.family, told->icmp->type, told->icmp->code)),
         {told->frame}});
  route.settled_by = fmt::format(
      "`ip address show dev {}` on this machine: has it a global address of this "
      "family, neither tentative nor dadfailed?",
      vantage.interface);
  return Finding{told ? Outcome::unreachable : Outcome::dropped,
                 {std::move(route)},
                 told ? Confidence::strong : Confidence::weak};
}

struct Departures {
  unsigned handed_over = 0, refused = 0, left = 0;
  int error = 0;
};

bool is_rule_error(int error) { return error == EPERM || error == EACCES || error == ECONNREFUSED; }

Departures departures_of(const Case& the_case) {
  Departures departures;
  for (const auto& exchange : the_case.exchanges) {
    const auto& question = exchange.spec.question;
    if (question.kind != ProbeKind::syn || question.aim != Aim::target) continue;
    ++departures.handed_over;
    if (exchange.sent()) ++departures.left;
    if (exchange.error == 0) continue;
    ++departures.refused;
    departures.error = exchange.error;
  }
  return departures;
}

Explanation output_rule(const Case& the_case, const Departures& departures) {
  Explanation rule{Mechanism::local_output_filter, 1, this_host, {}, {}, ""};
  if (departures.error != 0) {
    rule.because.push_back({fmt::format("This machine refused to send the probes to port {}: {} "
                                        "from the kernel, {} of {} tries.",
                                        port_of(the_case), failure_text(departures.error),
                                        departures.refused, departures.handed_over),
                            {}});
  } else {
    rule.because.push_back(
        {say("The kernel took {} probe{} to port {}, and the capture on the network interface saw "
             "none "
             "of them leave.",
             departures.handed_over, plural(departures.handed_over), port_of(the_case)),
         {}});
  }
  if (the_case.run.connect && !connect_left(the_case))
    rule.because.push_back(
        {"An ordinary connect() was made as well: its SYN never appeared on the network interface.",
         {}});
  rule.settled_by =
      "the packet counters of the output rules on this machine: `sudo nft list ruleset`, "
      "`sudo iptables -vnL OUTPUT`, `sudo ip6tables -vnL OUTPUT`.";
  return rule;
}

/// Somebody asked for the next hop's link address and nobody answered.
std::optional<Evidence> unanswered_neighbour(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  const auto next = vantage.gateway.value_or(the_case.owner());
  Evidence evidence;
  for (const auto& observation : the_case.neighbours) {
    const auto& message = std::get<NeighbourMessage>(observation.message);
    if (message.target != next) continue;
    if (message.answer) return {};
    evidence.packets.push_back(observation.frame);
  }
  if (evidence.packets.empty()) return {};
  evidence.text =
      fmt::format("{} asked for {} and got no answer, so nothing could be sent there.",
                  next.family == Family::ipv4 ? "ARP" : "Neighbour Discovery", to_string(next));
  return evidence;
}

/// Who is asked for on a link whose networks it does not belong to hardly lives there: a route
/// without a gateway, or an interface chosen that has none (Linux then takes everybody for a
/// neighbour).
Finding without_gateway(const Case& the_case, Explanation down) {
  const auto& interface = the_case.run.facts.vantage.interface;
  Explanation route{Mechanism::local_route, 1, this_host, down.because, {}, ""};
  route.because.push_back(
      {fmt::format("The route by which this machine sends to {} names no gateway, and {} has no "
                   "address in its network: it looks for the host on its own link.",
                   to_string(the_case.owner()), interface),
       {}});
  route.settled_by =
      fmt::format("`ip route get {}` on this machine: it ought to say `via` and a gateway.",
                  to_string(the_case.owner()));
  down.rank = 2;
  return {Outcome::local, {std::move(route), std::move(down)}, Confidence::strong};
}

std::optional<Finding> neighbour_fault(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  const auto& connect = the_case.run.connect;
  const bool connect_says = connect && connect->ended && connect->error == EHOSTUNREACH;
  auto asked = unanswered_neighbour(the_case);
  if (!asked && !connect_says) return {};
  const bool asked_twice = asked && asked->packets.size() >= 2;
  std::vector<Evidence> because;
  if (asked) because.push_back(std::move(*asked));
  because.push_back({"No packet for the target left this machine.", {}});
  if (connect_says)
    because.push_back(
        {fmt::format("connect() ended with {} after {:.1f} s.", failure_text(EHOSTUNREACH),
                     seconds(*connect->ended - connect->at)),
         {}});
  // Three tries of a second each are what the kernel gives a neighbour (measured: 3.07 s).
  const bool took_time =
      connect_says && *connect->ended - connect->at > std::chrono::milliseconds(2500);
  const auto confidence = asked_twice && took_time ? Confidence::certain : Confidence::strong;
  if (vantage.gateway) {
    const Where gateway{CulpritKind::router, 1, 1, vantage.gateway};
    return Finding{
        Outcome::local,
        {{Mechanism::local_neighbour,
          1,
          gateway,
          std::move(because),
          {},
          fmt::format("`ip neigh show {}` on this machine, and a look at that gateway: is it "
                      "up and on this network segment?",
                      to_string(*vantage.gateway))}},
        confidence};
  }
  const Where target{CulpritKind::destination, 1, 1, the_case.owner()};
  Explanation down{Mechanism::host_down,
                   1,
                   target,
                   std::move(because),
                   {},
                   "a look at the machine itself: is it switched on, is its cable or virtual "
                   "network connected, is this its address?"};
  if (vantage.off_network) return without_gateway(the_case, std::move(down));
  return Finding{Outcome::unreachable, {std::move(down)}, confidence};
}

}  // namespace

std::optional<Finding> judge_departure(const Case& the_case) {
  if (auto finding = no_route(the_case)) return finding;
  if (auto finding = no_way_out(the_case)) return finding;
  const auto departures = departures_of(the_case);
  if (departures.left > 0) return source_stays_on_link(the_case);
  if (!the_case.run.facts.vantage.interface_up)
    return Finding{Outcome::local, {interface_down(the_case)}, Confidence::strong};
  if (departures.handed_over == 0) return {};
  if (departures.refused > 0 && is_rule_error(departures.error))
    return Finding{Outcome::local,
                   {output_rule(the_case, departures)},
                   connect_left(the_case) || departures.error != EPERM ? Confidence::strong
                                                                       : Confidence::certain};
  if (auto finding = neighbour_fault(the_case)) return finding;
  if (!the_case.run.facts.sees_outbound || the_case.run.facts.interrupted) return {};
  const bool drops = the_case.run.facts.dropped > 0;
  return Finding{Outcome::local,
                 {output_rule(the_case, departures)},
                 drops ? Confidence::weak : Confidence::strong};
}

}  // namespace hopblame
