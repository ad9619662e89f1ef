#include "analysis/offline/older_connection.hpp"

#include <algorithm>

#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

Verdict verdict_on(const Attempt& attempt, const Reply& reply) {
  const Where somewhere{CulpritKind::unknown, 1, {}, {}};
  auto cited = attempt.exchange.left;
  cited.push_back(reply.frame);
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
  return {Outcome::dropped, {somewhere, Confidence::weak}, list_of(std::move(found)), {}};
}

}  // namespace

bool is_of_older(const Reply& reply, const Exchange& exchange) {
  return reply.kind == ReplyKind::other_segment && reply.segment &&
         reply.segment->acknowledgment != exchange.spec.sequence + 1;
}

std::optional<Verdict> older_connection(const std::vector<Attempt>& sample) {
  for (auto attempt = sample.rbegin(); attempt != sample.rend(); ++attempt) {
    if (attempt->outcome != Outcome::dropped || attempt->exchange.left.size() < 2) continue;
    const auto& exchange = attempt->exchange;
    for (const auto& reply : exchange.replies)
      if (is_of_older(reply, exchange)) return verdict_on(*attempt, reply);
  }
  return {};
}

}  // namespace hopblame::offline
