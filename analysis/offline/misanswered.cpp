#include "analysis/offline/misanswered.hpp"

#include <algorithm>

#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

const Where somewhere{CulpritKind::unknown, 1, {}, {}};

bool is_of_older(const Reply& reply, const Exchange& exchange) {
  return reply.kind == ReplyKind::other_segment && reply.segment &&
         reply.segment->acknowledgment != exchange.spec.sequence + 1;
}

Explanation of_older(const Reply& reply, std::vector<FrameId> cited) {
  Explanation found{Mechanism::filter_drop, 1, somewhere, {}, {}, {}};
  found.because.push_back(
      {say("The SYN arrives: {} answers it with an acknowledgment of other numbers, as a host does "
           "that still has an older connection with the same ports.",
           reply.from),
       std::move(cited)});
  found.because.push_back(
      {say("The client's RST, which ends the older connection, did not arrive, or the client never "
           "got that acknowledgment: stateful rules drop either as invalid."),
       {}});
  found.settled_by =
      say("`ss -tn` on {}: is there a connection from the client's port? And the rules on the way "
          "that drop invalid packets: which one counts",
          reply.from);
  return found;
}

/// Who waits for a SYN/ACK takes no FIN (RFC 9293 section 3.10.7.3).
Explanation ended_unbegun(const Reply& reply, std::vector<FrameId> cited) {
  Explanation found{Mechanism::answer_lost, 1, somewhere, {}, {}, {}};
  found.because.push_back(
      {say("The SYN arrives: a FIN in the name of {} acknowledges it. No SYN/ACK came before that, "
           "so the client cannot heed it and asks again: the SYN/ACK was lost or dropped on its "
           "way, or the FIN is not the host's.",
           reply.from),
       std::move(cited)});
  found.settled_by =
      say("`sudo tcpdump -ni any` on {}: does a SYN/ACK leave there, and the FIN", reply.from);
  return found;
}

bool is_of_another(const Reply& reply, const Exchange& exchange) {
  return reply.kind == ReplyKind::other_segment &&
         reply.from != exchange.spec.flow.destination.address;
}

/// As another_address.hpp tells it of probes.
Explanation of_another(const Reply& reply, const IpAddress& asked, std::vector<FrameId> cited) {
  Explanation found{Mechanism::answer_lost, 1, somewhere, {}, {}, {}};
  found.because.push_back(
      {say("A {} that acknowledges the SYN to {} came from {} instead. The request arrives and is "
           "answered; no connection takes an answer from anybody but whom it asked.",
           reply.segment->is_syn_ack() ? "SYN/ACK" : "RST", asked, reply.from),
       std::move(cited)});
  found.because.push_back(
      {say("So it is where an address translation (NAT, load balancer) is not undone because the "
           "answer takes another way back, or where the host answers from another of its "
           "addresses."),
       {}});
  found.settled_by =
      say("the device that translates {}: do the answers of {} pass it on their way back? And on "
          "that host: is {} among its own addresses?",
          asked, reply.from, asked);
  return found;
}

std::optional<Explanation> explain(const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  for (const auto& reply : exchange.replies) {
    if (is_of_another(reply, exchange))
      return of_another(reply, exchange.spec.flow.destination.address,
                        {exchange.left.front(), reply.frame});
    if (exchange.left.size() < 2) continue;
    const bool older = is_of_older(reply, exchange);
    if (!older && reply.kind != ReplyKind::fin) continue;
    auto cited = exchange.left;
    cited.push_back(reply.frame);
    return older ? of_older(reply, std::move(cited)) : ended_unbegun(reply, std::move(cited));
  }
  return {};
}

}  // namespace

std::optional<Verdict> misanswered(const std::vector<Attempt>& sample) {
  for (auto attempt = sample.rbegin(); attempt != sample.rend(); ++attempt) {
    if (attempt->outcome != Outcome::dropped) continue;
    if (auto found = explain(*attempt))
      return Verdict{
          Outcome::dropped, {somewhere, Confidence::weak}, list_of(*std::move(found)), {}};
  }
  return {};
}

}  // namespace hopblame::offline
