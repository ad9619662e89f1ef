#include "analysis/verdict/local.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/departures.hpp"
#include "analysis/verdict/local_neighbour.hpp"
#include "analysis/verdict/tunnel_refusal.hpp"
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
  if (vantage.point_to_point)
    return {Mechanism::local_interface,
            1,
            this_host,
            {{fmt::format("Network interface {} is a tunnel, PPP or modem link, and down or not "
                          "connected: no program holds its other end.",
                          vantage.interface),
              {}}},
            {},
            "whether the program runs on this machine that makes this interface (a VPN client), "
            "and says that it is connected."};
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

}  // namespace

std::optional<Finding> judge_departure(const Case& the_case) {
  if (auto finding = no_route(the_case)) return finding;
  if (auto finding = no_way_out(the_case)) return finding;
  const auto departures = departures_of(the_case);
  if (auto finding = judge_tunnel_refusal(the_case, departures)) return finding;
  if (departures.left > 0) return source_stays_on_link(the_case);
  if (!the_case.run.facts.vantage.interface_up)
    return Finding{Outcome::local, {interface_down(the_case)}, Confidence::strong};
  if (departures.handed_over == 0) return {};
  if (is_refused(departures)) return stopped_before_departure(the_case, departures);
  if (auto finding = judge_neighbour(the_case, departures)) return finding;
  if (!the_case.run.facts.sees_outbound || the_case.run.facts.interrupted) return {};
  return stopped_before_departure(the_case, departures);
}

}  // namespace hopblame
