#include "analysis/verdict/sent_back.hpp"

#include <algorithm>

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Copies of the SYNs to the port that came in with fewer hops to go than they had left with.
struct SentBack {
  std::vector<FrameId> packets;  ///< each first copy, and the SYN before it
  unsigned syns = 0;
  std::uint8_t routers = 0;  ///< that counted it down, the last of them next to this machine
  bool again = false;        ///< this machine forwards, and sent it round once more
};

HopLimit limit_of(const Exchange& syn) {
  return syn.left_with.value_or(syn.spec.question.hop_limit);
}

/// None of our stacks sends a SYN again with another hop limit.
bool is_copy(const Observation& seen, const Exchange& syn) {
  const auto* segment = std::get_if<TcpSegment>(&seen.message);
  return segment && segment->is_syn() && seen.flow == syn.spec.flow &&
         segment->sequence == syn.spec.sequence && seen.hop_limit < limit_of(syn);
}

void count_copies(const Case& the_case, const Exchange& syn, SentBack& back) {
  std::uint8_t copies = 0;
  for (const auto& seen : the_case.run.observations) {
    if (!is_copy(seen, syn)) continue;
    const auto routers = static_cast<std::uint8_t>(limit_of(syn).value - seen.hop_limit.value);
    back.again = back.again || (copies > 0 && routers > back.routers);
    if (++copies > 1) continue;
    ++back.syns;
    back.routers = back.routers == 0 ? routers : std::min(back.routers, routers);
    back.packets.insert(back.packets.end(), {syn.left.front(), seen.frame});
  }
}

SentBack sent_back(const Case& the_case) {
  SentBack back;
  for (const auto* syn : the_case.probes(ProbeKind::syn, Aim::target))
    if (!syn->answered()) count_copies(the_case, *syn, back);
  return back;
}

/// Somebody farther on spoke: what is seen is a copy that a link shows to all (a router that passes
/// the packet on by the link it came from), and the packet went on.
bool gets_farther(const Case& the_case, const SentBack& back) {
  return std::ranges::any_of(the_case.exchanges, [&](const Exchange& exchange) {
    return std::ranges::any_of(exchange.replies, [&](const Reply& reply) {
      const auto hop = the_case.hop_of(reply.from);
      return reply.kind != ReplyKind::time_exceeded || !hop || *hop > back.routers;
    });
  });
}

}  // namespace

std::optional<Finding> judge_sent_back(const Case& the_case) {
  if (is_foreign(the_case.run)) return {};
  const auto back = sent_back(the_case);
  if (back.syns == 0 || gets_farther(the_case, back)) return {};
  const auto where = within(the_case, 1, back.routers);
  const auto limit = limit_word(the_case);
  Explanation loop{
      Mechanism::routing_loop,
      1,
      where,
      list_of(Evidence{
          say("{} of our SYNs to port {} came in again, with a {} that is less by {}: "
              "what this machine sends to {} is sent back to it.",
              back.syns, port_of(the_case), limit, unsigned{back.routers}, the_case.owner()),
          back.packets}),
      {},
      say("the route to {} on {}: it leads back to this machine. Is this machine's own route to {} "
          "the right one?",
          the_case.owner(), place_named(the_case, where), the_case.owner())};
  if (back.again)
    loop.because.push_back({say("This machine forwards packets, and sent it there once more, until "
                                "its {} was spent.",
                                limit),
                            {}});
  // Where this machine throws them away, nobody says anything.
  const auto outcome = back.again ? Outcome::unreachable : Outcome::dropped;
  return Finding{outcome, list_of(std::move(loop)),
                 back.syns > 1 ? Confidence::strong : Confidence::weak};
}

}  // namespace hopblame
