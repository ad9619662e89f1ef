#include "analysis/offline/stuck.hpp"

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/model/tcp_limits.hpp"
#include "analysis/offline/window_shut.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/oversize.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

const Where somewhere{CulpritKind::unknown, 1, {}, {}};
const Where from_here{CulpritKind::unknown, 0, {}, {}};

/// The server goes on to send its SYN/ACK, which the client has acknowledged: no packet of the
/// client that bears an ACK arrives.
std::vector<FrameId> unheard_acks(const Attempt& attempt) {
  std::vector<FrameId> again;
  const auto& connected = attempt.talk.connected;
  for (const auto& reply : attempt.exchange.replies)
    if (connected && reply.kind == ReplyKind::syn_ack && reply.at - *connected >= retransmission)
      again.push_back(reply.frame);
  return again;
}

/// Whoever began to repeat what it sent.
bool is_of_server(const Attempt& attempt) {
  return attempt.said_in_vain >= stuck_times || attempt.unacknowledged == 0;
}

struct Repetition {
  Term who, what, fate;
  unsigned times = 0;
};

Repetition repetition(const Attempt& attempt) {
  if (!is_of_server(attempt))
    return {Term("client"), Term("its data or its FIN, or to ask whether the peer is still there"),
            Term("and nobody acknowledged it."), attempt.unacknowledged};
  return {
      Term("server"), Term("its data, or to ask whether the client is still there"),
      attempt.heard
          ? Term("although the client had acknowledged it: this does not reach the server.")
          : Term("and the client never acknowledged it: it is lost on its way from the place of "
                 "this capture to the client, or its acknowledgment on the way back."),
      attempt.said_in_vain};
}

Evidence in_vain(const Attempt& attempt) {
  const auto [who, what, fate, times] = repetition(attempt);
  if (!attempt.talk.connected || attempt.joined)
    return {say("The {} began to repeat {}, {} times in all, {}", who, what, times, fate),
            {attempt.stuck_frame}};
  return {say("{} s after the handshake the {} began to repeat {}, {} times in all, {}",
              Seconds{attempt.stuck_since - *attempt.talk.connected}, who, what, times, fate),
          {attempt.stuck_frame}};
}

Text before_pause(const Attempt& attempt, std::chrono::seconds pause) {
  return say(
      "Before that nobody had said anything for {} s: a firewall, an address translation or "
      "a load balancer on the way that has forgotten the idle connection drops what comes "
      "then. Or the peer has gone meanwhile.{}",
      static_cast<std::uint64_t>(pause.count()),
      is_small_lost(attempt) ? Term(" What is lost is small: it is no matter of size.") : Term(""));
}

/// What it lived through before tells a path that takes no large packets from one that was cut.
Text before(const Attempt& attempt) {
  if (attempt.pause && !attempt.heard) return before_pause(attempt, *attempt.pause);
  if (attempt.joined)
    return say("The connection was made before the capture began, or lay idle for hours.");
  if (is_of_server(attempt) && attempt.heard)
    return say(
        "What the server says arrives, so it is the other way that is cut, or the host "
        "itself does not take in what the client sends.");
  if (is_small_lost(attempt))
    return say(
        "What is lost is small, and every path takes packets of that size: something has "
        "cut the connection, or forgotten it, as a firewall forgets an idle one, or the "
        "peer is gone.");
  if (is_of_server(attempt))
    return say(
        "If the handshake and small packets pass and only large ones are lost, it is the path "
        "MTU.");
  const bool spoke = attempt.talk.spoke && attempt.talk.spoke < attempt.stuck_since;
  return spoke ? say("Before that data passed both ways: something has cut the connection, or "
                     "forgotten it, as a firewall forgets an idle one.")
               : say("No answer to data was seen before: if only large packets are lost, it is the "
                     "path MTU.");
}

Evidence only_syn_arrives(const Attempt& attempt, std::vector<FrameId> unheard) {
  const auto times = unheard.size();
  unheard.insert(unheard.begin(), attempt.exchange.left.front());
  return {say("The server sends its SYN/ACK {} more times, a second and more after the client had "
              "acknowledged it: of the client only the SYN arrives, nothing of any size after it, "
              "and the program on the host never gets the connection. So does a stateful firewall "
              "that sees one direction only: it lets the SYN pass, never sees the SYN/ACK, and "
              "drops what follows.",
              times),
          std::move(unheard)};
}

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

/// The client's SYN has passed no router: what is in the capture has come as far as its machine, or
/// next to it. Merged files show what was sent elsewhere.
bool is_beside_client(const Attempt& attempt) {
  return attempt.by_stack && !attempt.joined && !attempt.unseen && !attempt.twice &&
         return_hops(attempt.exchange.spec.question.hop_limit) == 0u;
}

/// What is not acknowledged is sent again after a second at the latest, the first time (RFC 6298
/// section 2): the client has not taken a word. Later it may be gone.
bool are_first_words(const Attempt& attempt) {
  constexpr Duration first_repetition = std::chrono::seconds(1);
  const auto& spoke = attempt.talk.spoke;
  return spoke && attempt.stuck_since - *spoke <= first_repetition;
}

/// Words of the server that are in the capture there, and that the client does not get.
Verdict stopped_at_client(const Attempt& attempt) {
  const Evidence unheard{
      say("The server sends its data {} times. It is in the capture, which no router separates "
          "from the client, and the client never acknowledges it: its stack does not get it.",
          attempt.said_in_vain + 1),
      {attempt.stuck_frame}};
  Explanation filter{Mechanism::local_input_filter, 1, this_host, {unheard}, {}, {}};
  filter.settled_by = say("the client's own firewall rules: which one counts the dropped packets?");
  Explanation spoilt{Mechanism::data_blocked, 2, somewhere, {unheard}, {}, {}};
  spoilt.because.push_back(
      {say("What comes may be spoilt (a wrong checksum), so that no stack takes it; or it is lost "
           "between the place of this capture and the client."),
       {}});
  spoilt.settled_by =
      say("`nstat -az TcpInCsumErrors` on the client, and a capture on the client itself");
  return {Outcome::local,
          {this_host, Confidence::strong},
          list_of(std::move(filter), std::move(spoilt)),
          {}};
}

}  // namespace

bool is_small_lost(const Attempt& attempt) {
  return (attempt.unacknowledged > 0 || attempt.said_in_vain > 0) && !attempt.large_in_vain;
}

bool is_stuck(const Attempt& attempt) {
  return attempt.unacknowledged > 0 || attempt.said_in_vain > 0 || attempt.shut > stuck_times;
}

Verdict stuck_verdict(const Attempt& attempt) {
  if (is_window_shut(attempt)) return shut_verdict(attempt);
  const auto& flow = attempt.exchange.spec.flow;
  if (const auto* message = told(attempt, flow.source)) return as_told(attempt, *message);
  if (const auto* message = told(attempt, flow.destination))
    return as_server_was_told(attempt, *message);
  if (const auto told = unheeded(attempt); !told.empty()) return too_big(attempt, told);
  const bool here = is_of_server(attempt) && !attempt.heard && is_beside_client(attempt);
  if (here && are_first_words(attempt)) return stopped_at_client(attempt);
  const auto where = here ? from_here : somewhere;
  Explanation blocked{Mechanism::data_blocked, 1, where, {}, {}, {}};
  blocked.because.push_back(in_vain(attempt));
  if (const auto unheard = unheard_acks(attempt); unheard.size() >= 2)
    blocked.because.push_back(only_syn_arrives(attempt, unheard));
  else
    blocked.because.push_back({before(attempt), {}});
  blocked.settled_by =
      say("captures at both ends, and hopblame compare: which packet does not arrive?");
  return {Outcome::silent_service, {where, Confidence::weak}, list_of(std::move(blocked)), {}};
}

}  // namespace hopblame::offline
