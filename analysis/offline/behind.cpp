#include "analysis/offline/behind.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"

namespace hopblame::offline {
namespace {

/// The nearest, or farthest, answer of one kind of the host.
struct Ends {
  const Reply *echo = nullptr, *syn_ack = nullptr;
};

Ends ends_of(const std::vector<Exchange>& exchanges) {
  Ends ends;
  for (const auto& exchange : exchanges)
    for (const auto& reply : exchange.replies) {
      if (reply.kind != ReplyKind::echo_reply && reply.kind != ReplyKind::syn_ack) continue;
      if (reply.from != exchange.spec.flow.destination.address) continue;
      const auto hops = return_hops(reply.hop_limit);
      auto& [echo, syn_ack] = ends;
      if (reply.kind == ReplyKind::echo_reply && (!echo || hops > return_hops(echo->hop_limit)))
        echo = &reply;
      if (reply.kind == ReplyKind::syn_ack && (!syn_ack || hops < return_hops(syn_ack->hop_limit)))
        syn_ack = &reply;
    }
  return ends;
}

/// What may be at the host may be at one behind it as well.
void widen(Where& where, std::uint8_t host, std::uint8_t inner) {
  if (where.last_hop != host) return;
  where.last_hop = inner;
  if (where.kind == CulpritKind::destination) where.kind = CulpritKind::unknown;
}

Explanation forwards(const Ends& ends, std::uint8_t host, std::uint8_t inner) {
  const auto& address = ends.echo->from;
  return {Mechanism::port_forward,
          2,
          {CulpritKind::unknown, host, inner, {}},
          {{say("Other ports of {} answer from farther back than it answers pings: their SYN/ACK "
                "passes {} routers, its echo reply {}. It passes ports on to a host behind it, and "
                "if it does so with this one, that host may be the one that is silent.",
                address, unsigned{return_hops(ends.syn_ack->hop_limit)},
                unsigned{return_hops(ends.echo->hop_limit)}),
            {ends.echo->frame, ends.syn_ack->frame}}},
          {},
          say("the port forwarding (DNAT) rules on {}: does it pass this port on, and to which "
              "host?",
              address)};
}

}  // namespace

void look_behind(Verdict& verdict, const Exhibits& exhibits) {
  const auto ends = ends_of(exhibits.exchanges);
  if (!ends.echo || !ends.syn_ack) return;
  const auto host = guessed_distance(ends.echo->hop_limit);
  const auto inner = guessed_distance(ends.syn_ack->hop_limit);
  if (inner <= host) return;
  for (auto& found : verdict.explanations) widen(found.where, host, inner);
  widen(verdict.culprit.where, host, inner);
  if (verdict.culprit.where.last_hop == inner)
    verdict.explanations.push_back(forwards(ends, host, inner));
}

}  // namespace hopblame::offline
