#include "analysis/offline/stuck_as_told.hpp"

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/model/tcp_limits.hpp"
#include "analysis/offline/said_in_vain.hpp"
#include "analysis/path/oversize.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

const Where from_here{CulpritKind::unknown, 0, {}, {}};

/// The first message of a router or the host about a packet of this one that it did not pass on.
const Reply* told(const Attempt& attempt, const Endpoint& sender) {
  const auto& replies = attempt.exchange.replies;
  const auto family = sender.address.family;
  const auto found = std::ranges::find_if(replies, [&](const Reply& reply) {
    return reply.icmp && reply.icmp->quote->flow.source == sender &&
           icmp_errno(family, reply.icmp->type, reply.icmp->code) != 0;
  });
  return found == replies.end() ? nullptr : &*found;
}

Mechanism mechanism_of(const Attempt& attempt, const Reply& message) {
  // No path is so long that the data of a connection that worked dies on it.
  if (message.kind == ReplyKind::time_exceeded) return Mechanism::routing_loop;
  if (message.from == attempt.exchange.spec.flow.destination.address)
    return Mechanism::icmp_reject_host;
  return mechanism_of_rejection(message.from.family, message.icmp->type, message.icmp->code);
}

Where place_of(Mechanism mechanism, const IpAddress& target, const IpAddress& sender) {
  if (mechanism == Mechanism::host_down || mechanism == Mechanism::icmp_reject_host)
    return {CulpritKind::destination, {}, {}, target};
  return {CulpritKind::router, {}, {}, sender};
}

Text look_at(Mechanism mechanism, const IpAddress& target, const IpAddress& sender) {
  if (mechanism == Mechanism::routing_loop)
    return say(
        "the routes to {} on {} and on its neighbours at that time: each sends it to the "
        "other.",
        target, sender);
  return say("the rules, routes and neighbours of {} at that time", sender);
}

/// A message about packets of the connection names who sent it, and why nothing gets through.
Verdict as_told(const Attempt& attempt, const Reply& message) {
  const auto& target = attempt.exchange.spec.flow.destination.address;
  const auto mechanism = mechanism_of(attempt, message);
  const auto where = place_of(mechanism, target, message.from);
  Explanation found{mechanism, 1, where, {}, {}, look_at(mechanism, target, message.from)};
  found.because.push_back(in_vain(attempt));
  found.because.push_back({say("{} says of its packets: \"{}\".", message.from,
                               IcmpCode{target.family, message.icmp->type, message.icmp->code}),
                           {message.frame}});
  Verdict verdict{Outcome::silent_service, {where, Confidence::strong}, {std::move(found)}, {}};
  // The wrong route may be that of a neighbour.
  if (mechanism == Mechanism::routing_loop) verdict.culprit.confidence = Confidence::weak;
  if (mechanism != Mechanism::host_down) return verdict;
  // Routers without a route to one host say the same (RFC 1812 section 5.2.7.1).
  auto routeless = verdict.explanations.front();
  routeless.mechanism = Mechanism::no_route;
  routeless.rank = 2;
  routeless.where = place_of(Mechanism::no_route, target, message.from);
  verdict.explanations.push_back(std::move(routeless));
  return verdict;
}

/// The same about packets of the server. Who cannot be reached is the client.
Verdict as_server_was_told(const Attempt& attempt, const Reply& message) {
  const auto family = message.from.family;
  const Where router{CulpritKind::router, {}, {}, message.from};
  const auto told = mechanism_of_rejection(family, message.icmp->type, message.icmp->code);
  const bool gone = told == Mechanism::host_down;
  // Routers without a route to one host say the same.
  Explanation found{gone ? Mechanism::no_route : told,
                    1,
                    router,
                    {in_vain(attempt)},
                    {},
                    say("the rules, routes and neighbours of {} at that time", message.from)};
  found.because.push_back({say("{} says of the server's packets: \"{}\".", message.from,
                               IcmpCode{family, message.icmp->type, message.icmp->code}),
                           {message.frame}});
  if (!gone) return {Outcome::silent_service, {router, Confidence::strong}, {found}, {}};
  auto left = found;
  left.mechanism = Mechanism::data_blocked;
  left.where = this_host;
  left.because.push_back({say("A router that asks for its neighbour in vain says so (RFC 1812 "
                              "section 5.2.7.1): the client is down or off its link."),
                          {}});
  left.settled_by = say("the client's link at that time");
  found.rank = 2;
  return {Outcome::silent_service,
          {this_host, Confidence::strong},
          list_of(std::move(left), std::move(found)),
          {}};
}

/// The sizes are not kept: a router's word that a packet of the client is too big goes unheeded
/// where it comes again when the client had repeated itself for a while.
std::vector<const Reply*> unheeded(const Attempt& attempt) {
  if (attempt.unacknowledged == 0) return {};
  auto found = size_messages(attempt.exchange);
  if (found.size() < 2 || found.back()->at < attempt.stuck_since + shortest_repetition)
    found.clear();
  return found;
}

/// The link is small, and its router says so as it ought to.
Verdict too_big(const Attempt& attempt, const std::vector<const Reply*>& told) {
  const auto& router = told.front()->from;
  std::vector<FrameId> cited;
  for (const auto* reply : told) cited.push_back(reply->frame);
  const Evidence message{
      say("{} says {} times that packets of more than {} bytes do not fit the link behind it, and "
          "the client goes on sending the same: it never gets the message, or does not heed it.",
          router, cited.size(), told.front()->icmp->mtu.value_or(0)),
      cited};
  Explanation filter{Mechanism::local_input_filter, 1,  this_host,
                     {in_vain(attempt), message},   {}, {}};
  filter.settled_by =
      say("on the client: rules that drop ICMP, `sysctl net.ipv4.ip_no_pmtu_disc`, and `ip route "
          "get` of the target: does it show an MTU?");
  Explanation blocked{Mechanism::data_blocked,     1,  {CulpritKind::router, {}, {}, router},
                      {in_vain(attempt), message}, {}, {}};
  blocked.settled_by = say("the MTU of the link behind {}: ought it to be so small?", router);
  return {Outcome::silent_service,
          {from_here, Confidence::strong},
          list_of(std::move(filter), std::move(blocked)),
          {}};
}

}  // namespace

std::optional<Verdict> stuck_as_told(const Attempt& attempt) {
  const auto& flow = attempt.exchange.spec.flow;
  if (const auto* message = told(attempt, flow.source)) return as_told(attempt, *message);
  if (const auto* message = told(attempt, flow.destination))
    return as_server_was_told(attempt, *message);
  if (const auto told = unheeded(attempt); !told.empty()) return too_big(attempt, told);
  return {};
}

}  // namespace hopblame::offline
