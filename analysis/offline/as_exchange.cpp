#include "analysis/offline/as_exchange.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

/// A ToS that comes back is a mark too, but not the one that the judges know.
void forget_other_marks(Exchange& exchange) {
  auto& mark = exchange.spec.traffic_class;
  if (mark == probe_traffic_class) return;
  const auto forget = [&](std::uint8_t& other) { other = other == mark ? 0 : other; };
  for (auto& reply : exchange.replies) {
    forget(reply.traffic_class);
    if (reply.icmp && reply.icmp->quote) forget(reply.icmp->quote->traffic_class);
  }
  mark = 0;
}

/// What was refused before a SYN of the same numbers was accepted: the judges are asked about that
/// one.
void forget_refusals(Exchange& exchange) {
  auto& asked = exchange.left;
  const auto refused = std::erase_if(
      exchange.replies, [](const Reply& reply) { return reply.kind == ReplyKind::reset_ack; });
  if (refused < asked.size())
    asked.erase(asked.begin(), asked.begin() + static_cast<std::ptrdiff_t>(refused));
}

/// A SYN that met an older connection with the same ports was answered by that (RFC 9293 section
/// 3.10.7.4), at once.
void forget_older_connection(Exchange& exchange) {
  auto& asked = exchange.left;
  const auto is_older = [&](const Reply& reply) {
    return reply.kind == ReplyKind::other_segment && asked[0] < reply.frame &&
           reply.frame < asked[1];
  };
  if (std::ranges::none_of(exchange.replies, is_older)) return;
  std::erase_if(exchange.replies, is_older);
  asked.erase(asked.begin());
}

/// Nor are messages about packets of the server what answers the client.
void forget_words_to_server(Exchange& exchange) {
  if (exchange.replies.size() < 2) return;  // the first is the server's own
  std::erase_if(exchange.replies, [&](const Reply& reply) {
    return reply.icmp && reply.icmp->quote && reply.icmp->quote->flow != exchange.spec.flow;
  });
}

/// Whether copies after the last answer that is kept were answered is not known any more.
void forget_beyond_kept(Exchange& exchange) {
  if (exchange.replies.size() < Trails::most_answers) return;
  const auto last = std::ranges::max_element(exchange.replies, {}, &Reply::frame)->frame;
  std::erase_if(exchange.left, [&](FrameId asked) { return asked > last; });
}

/// Sent before the first answer, and answered as well: that was on its way, and none was lost.
void forget_crossing(Exchange& exchange) {
  auto& asked = exchange.left;
  const auto accepted = std::ranges::count(exchange.replies, ReplyKind::syn_ack, &Reply::kind);
  if (accepted < std::ssize(asked)) return;
  const auto first = std::ranges::find(exchange.replies, ReplyKind::syn_ack, &Reply::kind)->frame;
  const auto crossing = [&](FrameId frame) { return frame < first && frame != asked.front(); };
  asked.erase(std::remove_if(asked.begin() + 1, asked.end(), crossing), asked.end());
}

}  // namespace

/// The judges know limited probes and such as are meant to arrive; these have one number for all.
Exchange exchange_of(const Attempt& attempt, Aim aim, unsigned enough) {
  auto exchange = as_passed_on(attempt);
  forget_beyond_kept(exchange);
  forget_words_to_server(exchange);
  if (attempt.talk.connected) {
    if (exchange.left.size() > 1) forget_older_connection(exchange);
    forget_refusals(exchange);
    if (exchange.left.size() > 1) forget_crossing(exchange);
  }
  auto& question = exchange.spec.question;
  question.aim = aim;
  exchange.left_with = question.hop_limit;
  const bool in_vain = !exchange.answered() && question.hop_limit.value >= enough;
  if (!is_limited(attempt) || in_vain) question.hop_limit = full_hop_limit;
  forget_other_marks(exchange);
  if (attempt.unseen) exchange.left = {exchange.replies.front().frame};
  return exchange;
}

Exchange as_control(Exchange exchange) {
  exchange.spec.question.kind = ProbeKind::syn;
  exchange.spec.question.aim = Aim::control;
  return exchange;
}

Exchange as_ping(Exchange exchange) {
  exchange.spec.question = {ProbeKind::echo, Aim::none, 0, full_hop_limit};
  exchange.replies.front().kind = ReplyKind::echo_reply;
  return exchange;
}

Exchange as_sign_of_life(Exchange exchange) {
  exchange.spec.question = {ProbeKind::echo, Aim::none, 0, full_hop_limit};
  if (exchange.left.empty()) exchange.left = {exchange.replies.front().frame};
  return exchange;
}

}  // namespace hopblame::offline
