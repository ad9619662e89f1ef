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

std::optional<Explanation> explain(const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  for (const auto& reply : exchange.replies) {
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
    if (attempt->outcome != Outcome::dropped || attempt->exchange.left.size() < 2) continue;
    if (auto found = explain(*attempt))
      return Verdict{
          Outcome::dropped, {somewhere, Confidence::weak}, list_of(*std::move(found)), {}};
  }
  return {};
}

}  // namespace hopblame::offline
