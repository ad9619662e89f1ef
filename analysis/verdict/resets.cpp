#include "analysis/verdict/resets.hpp"

#include <algorithm>

namespace hopblame {
namespace {

/// The real connect() was accepted first: a RST after that ends a connection and refuses none.
bool is_established(const Exchange& exchange) {
  return exchange.origin == Origin::kernel && exchange.answered() &&
         exchange.replies.front().kind == ReplyKind::syn_ack;
}

std::vector<Reset> resets_of(const Case& the_case) {
  std::vector<Reset> found;
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (is_established(*exchange)) continue;
    for (const auto& reply : exchange->replies)
      if (is_reset(reply)) found.push_back({exchange, &reply});
  }
  return found;
}

bool is_raced(const Case& the_case) {
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (is_established(*exchange)) continue;
    const auto resets = std::ranges::count_if(exchange->replies, is_reset);
    const bool accepted = std::ranges::any_of(
        exchange->replies, [](const Reply& reply) { return reply.kind == ReplyKind::syn_ack; });
    const auto died = std::ranges::count(exchange->replies, ReplyKind::time_exceeded, &Reply::kind);
    // A retransmitted SYN may rightly get one RST each time. One that died on the way got none from
    // anybody farther on.
    const auto sent = static_cast<long>(exchange->left.size());
    if (resets > 0 && (resets + died > sent || accepted)) return true;
  }
  return false;
}

}  // namespace

bool is_reset(const Reply& reply) { return reply.kind == ReplyKind::reset_ack; }

Resets gather_resets(const Case& the_case) {
  Resets resets;
  resets.all = resets_of(the_case);
  if (resets.all.empty()) return resets;
  const auto raw_and_full = [](const Reset& reset) {
    return reset.exchange->origin == Origin::raw &&
           reset.exchange->spec.question.hop_limit == full_hop_limit;
  };
  const auto best = std::ranges::find_if(resets.all, raw_and_full);
  resets.first = best == resets.all.end() ? resets.all.front() : *best;
  resets.place = place_of(the_case, is_reset);
  resets.marked = resets.first.exchange->origin == Origin::raw && carries_mark(*resets.first.reply);
  const auto& host = the_case.host;
  const bool same_way = host.witness && resets.place.steady &&
                        host.witness->hop_limit == resets.first.reply->hop_limit;
  // A lost answer can make one walk seem longer; only other probes that pass there prove it
  // shorter.
  const auto passed = the_case.control.last_passed();
  const bool nearer = passed && resets.place.last && *passed >= *resets.place.last;
  resets.like_host = same_way && !nearer;
  resets.raced = is_raced(the_case);
  resets.odd_window = resets.first.reply->segment && resets.first.reply->segment->window != 0;
  const auto* bad = the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::target);
  if (bad && is_reset(*bad)) resets.unverified = bad;
  return resets;
}

}  // namespace hopblame
