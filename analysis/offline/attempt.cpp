#include "analysis/offline/attempt.hpp"

#include <algorithm>

#include "analysis/model/services.hpp"
#include "analysis/model/icmp_codes.hpp"

namespace hopblame::offline {
namespace {

/// An answer that is due takes no longer than this; a kernel repeats its SYN after one second.
constexpr Duration answer_due = std::chrono::seconds(1);
constexpr unsigned clearly_beyond = 8;  ///< hops; routers in a row that say nothing are common
constexpr unsigned stuck = 3;           ///< repetitions of the same data that are no chance loss

const Reply* reply_of(const Attempt& attempt, ReplyKind kind) {
  const auto found = std::ranges::find(attempt.exchange.replies, kind, &Reply::kind);
  return found == attempt.exchange.replies.end() ? nullptr : &*found;
}

Outcome after_handshake(const Attempt& attempt, TimePoint horizon) {
  const auto& talk = attempt.talk;
  if (talk.closed && (!talk.spoke || (talk.end && talk.end->reset))) return Outcome::closed_early;
  if (talk.unacknowledged >= stuck) return Outcome::silent_service;
  const auto service = known_service(attempt.exchange.spec.flow.destination.port);
  const bool ought_to_speak = service && service->speaks_first && talk.connected && !talk.spoke;
  const auto until = talk.client_closed.value_or(horizon);
  const bool waited =
      talk.connected && until - *talk.connected >= std::chrono::seconds(greeting_seconds);
  return ought_to_speak && waited ? Outcome::silent_service : Outcome::open;
}

Outcome of_icmp(const Reply& reply) {
  const auto family = reply.from.family;
  const auto& icmp = *reply.icmp;
  return is_routing_code(family, icmp.type, icmp.code) &&
                 !is_admin_prohibited(family, icmp.type, icmp.code)
             ? Outcome::unreachable
             : Outcome::rejected;
}

bool ends_connect(const Reply& reply) {
  return reply.kind == ReplyKind::icmp_error && reply.icmp &&
         icmp_errno(reply.from.family, reply.icmp->type, reply.icmp->code) != 0;
}

std::optional<Outcome> unanswered(const Attempt& attempt, TimePoint horizon) {
  if (is_limited(attempt)) return {};
  if (attempt.answer_unseen) return Outcome::inconclusive;
  const bool waited =
      attempt.exchange.left.size() > 1 || horizon - attempt.exchange.at >= answer_due;
  return waited ? Outcome::dropped : Outcome::inconclusive;
}

}  // namespace

bool is_limited(const Attempt& attempt) {
  return attempt.exchange.spec.question.hop_limit.value <= longest_walk;
}

unsigned enough_hops(const std::vector<Attempt>& sample) {
  unsigned last = 0;
  for (const auto& attempt : sample)
    if (is_limited(attempt) && reply_of(attempt, ReplyKind::time_exceeded))
      last = std::max<unsigned>(last, attempt.exchange.spec.question.hop_limit.value);
  return last + clearly_beyond;
}

std::optional<Outcome> outcome_of(const Attempt& attempt, TimePoint horizon) {
  if (attempt.exchange.spec.question.kind != ProbeKind::syn) return {};
  if (attempt.joined)
    return attempt.talk.closed && attempt.talk.end && attempt.talk.end->reset
               ? std::optional(Outcome::closed_early)
               : std::nullopt;
  if (reply_of(attempt, ReplyKind::reset_ack)) return Outcome::refused;
  if (reply_of(attempt, ReplyKind::syn_ack)) return after_handshake(attempt, horizon);
  const auto& replies = attempt.exchange.replies;
  const auto rejection = std::ranges::find_if(replies, ends_connect);
  if (rejection != replies.end()) return of_icmp(*rejection);
  if (reply_of(attempt, ReplyKind::time_exceeded)) {
    if (is_limited(attempt)) return {};
    return Outcome::unreachable;
  }
  return unanswered(attempt, horizon);
}

}  // namespace hopblame::offline
