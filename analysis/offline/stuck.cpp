#include "analysis/offline/stuck.hpp"

#include <algorithm>

#include "analysis/model/tcp_limits.hpp"
#include "analysis/offline/said_in_vain.hpp"
#include "analysis/offline/stuck_as_told.hpp"
#include "analysis/offline/window_shut.hpp"
#include "analysis/path/distance.hpp"
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
  if (auto told = stuck_as_told(attempt)) return *told;
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
