#include "analysis/path/half_open.hpp"

#include <algorithm>
#include <iterator>

#include "analysis/path/loss.hpp"
#include "analysis/path/silence.hpp"

namespace hopblame {
namespace {

bool is_syn_of_ours(const Exchange& exchange) {
  return exchange.origin == Origin::raw && exchange.spec.question.kind == ProbeKind::syn &&
         exchange.sent();
}

const Reply* syn_ack_to(const Exchange& exchange) {
  const auto found = std::ranges::find(exchange.replies, ReplyKind::syn_ack, &Reply::kind);
  return found == exchange.replies.end() ? nullptr : &*found;
}

/// With so many hops a SYN to that port gets to whoever accepts it.
bool was_to_arrive(std::span<const Exchange> exchanges, const Exchange& exchange) {
  const auto& asked = exchange.spec.question;
  if (asked.hop_limit == full_hop_limit) return true;
  return std::ranges::any_of(exchanges, [&](const Exchange& other) {
    return is_syn_of_ours(other) && other.spec.question.aim == asked.aim &&
           other.spec.question.hop_limit <= asked.hop_limit && syn_ack_to(other);
  });
}

/// Accepted, and reset by our own stack: while other SYNs of the flow are under way a RST after
/// that answers one of these, or our RST (libslirp does), and is no second answer to this SYN.
void leave_out_later_resets(std::span<const Exchange> exchanges, Exchange& one) {
  if (!one.own_reset || !is_syn_of_ours(one) || !syn_ack_to(one)) return;
  std::erase_if(one.replies, [&](const Reply& reply) {
    const bool reset = reply.kind == ReplyKind::reset || reply.kind == ReplyKind::reset_ack;
    return reset && *one.own_reset < reply.frame &&
           std::ranges::any_of(exchanges, [&](const Exchange& other) {
             return is_syn_of_ours(other) && other.spec.flow == one.spec.flow &&
                    other.spec.sequence != one.spec.sequence && other.left.front() < reply.frame;
           });
  });
}

/// connect() asks again after a second, before a long way has brought the first answer: what comes
/// within the round trip answers all of them.
void join_repetitions(Exchange& call, Duration round_trip) {
  const auto first = std::ranges::find_if(call.replies, is_due_answer);
  if (call.left.size() < 2 || first == call.replies.end()) return;
  if (first->at - call.at > round_trip + round_trip / 4) return;
  const auto before = [&](FrameId left) { return left < first->frame; };
  call.left.erase(std::next(call.left.begin()), std::ranges::find_if_not(call.left, before));
}

}  // namespace

bool meets_half_open(std::span<const Exchange> exchanges, const Exchange& exchange) {
  if (exchange.answered() || !is_syn_of_ours(exchange)) return false;
  const bool met = std::ranges::any_of(exchanges, [&](const Exchange& first) {
    if (!is_syn_of_ours(first) || first.spec.flow != exchange.spec.flow) return false;
    const auto* syn_ack = syn_ack_to(first);
    if (!syn_ack || first.at > exchange.at) return false;
    return exchange.at < syn_ack->at;
  });
  return met && was_to_arrive(exchanges, exchange);
}

std::vector<Exchange> answerable(std::span<const Exchange> exchanges,
                                 std::optional<TimePoint> ended) {
  const auto round_trip = largest_round_trip(exchanges);
  const auto is_under_way = [&](const Exchange& one) {
    return ended && one.origin == Origin::raw && one.sent() && !one.answered() &&
           one.at + round_trip > *ended;
  };
  std::vector<Exchange> kept;
  std::ranges::remove_copy_if(exchanges, std::back_inserter(kept), [&](const Exchange& one) {
    return is_under_way(one) || meets_half_open(exchanges, one);
  });
  for (auto& one : kept) leave_out_later_resets(exchanges, one);
  for (auto& one : kept)
    if (one.origin == Origin::kernel) join_repetitions(one, round_trip);
  return kept;
}

}  // namespace hopblame
