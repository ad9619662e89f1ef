#include "analysis/offline/client_side.hpp"

#include <cerrno>

#include "analysis/offline/stuck.hpp"

namespace hopblame::offline {

bool is_accepted_unseen(const Attempt& attempt) {
  const auto* accepted = first_of(attempt, ReplyKind::syn_ack);
  return accepted && accepted->segment && !accepted->segment->is_syn_ack();
}

/// Unless they are answered or told to give up, stacks go on asking.
bool is_asked_once(const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  return attempt.by_stack && attempt.outcome == Outcome::dropped &&
         !is_by_timer(attempt.touched - exchange.at, exchange.left.size());
}

bool reacts(const Attempt& attempt) {
  return attempt.outcome == Outcome::open &&
         (attempt.joined || attempt.talk.connected || attempt.exchange.own_reset);
}

HalfOpen half_open(const Attempt& attempt) {
  if (attempt.outcome != Outcome::inconclusive || attempt.talk.connected) return HalfOpen::no;
  if (!first_of(attempt, ReplyKind::syn_ack)) return HalfOpen::no;
  if (attempt.unseen) return HalfOpen::unasked;
  return attempt.exchange.left.size() > 1 ? HalfOpen::asked_on : HalfOpen::asked_once;
}

std::optional<ConnectRecord> connect_of(const Attempt& attempt) {
  const auto& talk = attempt.talk;
  const bool ended = talk.closed && attempt.outcome != Outcome::open;
  const bool tells = talk.spoke || ended || attempt.outcome == Outcome::silent_service;
  const bool unheard = talk.spoke && talk.greeting.empty() && attempt.outcome == Outcome::open;
  if (!talk.connected || !tells || unheard) return {};
  ConnectRecord connect;
  connect.flow = attempt.exchange.spec.flow;
  connect.at = attempt.exchange.at;
  connect.ended = talk.connected;
  connect.greeting = talk.greeting;
  connect.spoke = talk.spoke;
  connect.closed = talk.closed;
  connect.to_proxy = talk.to_proxy;
  if (talk.end && talk.end->reset) connect.close_error = ECONNRESET;
  if (attempt.outcome == Outcome::open) return connect;
  connect.small_lost = attempt.outcome == Outcome::silent_service && is_small_lost(attempt);
  connect.pause = attempt.pause;
  return connect;
}

}  // namespace hopblame::offline
