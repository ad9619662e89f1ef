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

/// A program that makes connections of its own (libslirp, for virtual machines and containers) ends
/// so the one that it could not make, before it chose a number to begin with.
std::vector<Explanation> given_up(const Reply& reply, const std::vector<FrameId>& cited) {
  std::vector<Explanation> found;
  for (const auto mechanism : {Mechanism::icmp_reject_host, Mechanism::icmp_reject_router,
                               Mechanism::no_route, Mechanism::host_down}) {
    Explanation failed{mechanism, 1, somewhere, {}, {}, {}};
    failed.because.push_back(
        {say("A FIN in the name of {} answers the SYN, with sequence number 0. No TCP answers so: "
             "a program in between (the network of a virtual machine or container) could not "
             "connect to it, and was told why; its client ignores the FIN and asks again.",
             reply.from),
         cited});
    failed.settled_by = say("a try from the machine that runs the client: what does it say there?");
    found.push_back(std::move(failed));
  }
  found.push_back(ended_unbegun(reply, cited));
  found.back().rank = 2;
  return found;
}

bool is_misnumbered(const Reply& reply) {
  return reply.kind == ReplyKind::other_segment && reply.segment &&
         (reply.segment->is_reset() || reply.segment->is_syn_ack());
}

/// Whoever waits for the answer to a SYN takes none that does not acknowledge it (RFC 9293 section
/// 3.10.7.3).
std::vector<Explanation> misnumbered(const Reply& reply, std::vector<FrameId> cited) {
  const bool reset = reply.segment->is_reset();
  const Evidence evidence{
      say("The SYN is answered in the name of {}, by a {} that does not acknowledge it: the client "
          "cannot take it and asks again.",
          reply.from, reset ? "RST" : "SYN/ACK"),
      std::move(cited)};
  Explanation changed{Mechanism::answer_lost, 1, somewhere, {evidence}, {}, {}};
  changed.because.push_back(
      {say("So it is where a device rewrites sequence numbers and undoes that in one direction "
           "only, or where an older connection answers."),
       {}});
  changed.settled_by =
      say("`sudo tcpdump -Sni any` on {}: with which numbers do SYN and answer pass there?",
          reply.from);
  Explanation forged{Mechanism::injected_reset, 1, somewhere, {evidence}, {}, {}};
  forged.because.push_back({say("Or somebody sends it who does not know the numbers."), {}});
  forged.settled_by = say("a capture on the host at the same time: did it send this RST?");
  Explanation dropped{Mechanism::filter_drop, 1, somewhere, {evidence}, {}, {}};
  dropped.because.push_back({say("If it is not the host's, no answer came at all."), {}});
  dropped.settled_by = say("captures along the path: where is the SYN seen last?");
  return reset ? list_of(std::move(dropped), std::move(forged), std::move(changed))
               : list_of(std::move(changed), std::move(dropped));
}

/// Its stack knows of no question any more.
std::vector<Explanation> too_late(const Attempt& attempt, const Reply& reply) {
  const auto& exchange = attempt.exchange;
  Explanation lost{Mechanism::answer_lost, 1, somewhere, {}, {}, {}};
  lost.because.push_back(
      {say("The SYN/ACK came {} s after the first SYN, when the client had stopped asking, and its "
           "stack refuses it: the program had given up. Earlier answers were lost on their way, or "
           "the host, or a link, is that slow.",
           Seconds{reply.at - exchange.at}),
       {exchange.left.front(), reply.frame, *exchange.own_reset}});
  lost.settled_by =
      say("a capture on the host at the same time: when does the SYN arrive, when does it answer?");
  auto full = lost;
  full.mechanism = Mechanism::accept_queue_full;
  full.rank = 2;
  full.where = {CulpritKind::destination, {}, {}, exchange.spec.flow.destination.address};
  full.settled_by = say("`nstat -az TcpExtListenOverflows` on the host: does it grow?");
  return list_of(std::move(lost), std::move(full));
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

std::vector<Explanation> explain(const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  for (const auto& reply : exchange.replies) {
    if (is_of_another(reply, exchange))
      return list_of(of_another(reply, exchange.spec.flow.destination.address,
                                {exchange.left.front(), reply.frame}));
    if (reply.kind == ReplyKind::syn_ack && exchange.own_reset) return too_late(attempt, reply);
    if (is_misnumbered(reply)) return misnumbered(reply, {exchange.left.front(), reply.frame});
    if (exchange.left.size() < 2) continue;
    const bool older = is_of_older(reply, exchange);
    if (!older && reply.kind != ReplyKind::fin) continue;
    auto cited = exchange.left;
    cited.push_back(reply.frame);
    if (!older && reply.segment && reply.segment->sequence == 0) return given_up(reply, cited);
    return list_of(older ? of_older(reply, std::move(cited))
                         : ended_unbegun(reply, std::move(cited)));
  }
  return {};
}

}  // namespace

std::optional<Verdict> misanswered(const std::vector<Attempt>& sample) {
  for (auto attempt = sample.rbegin(); attempt != sample.rend(); ++attempt) {
    if (attempt->outcome != Outcome::dropped) continue;
    if (auto found = explain(*attempt); !found.empty())
      return Verdict{Outcome::dropped, {somewhere, Confidence::weak}, std::move(found), {}};
  }
  return {};
}

}  // namespace hopblame::offline
