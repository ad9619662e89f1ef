#include "analysis/offline/conversation.hpp"

#include <algorithm>

#include "analysis/model/observation.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t longest_greeting = 512;
constexpr std::size_t most_replies = 8;

bool was_accepted(const Attempt& attempt) {
  return std::ranges::any_of(attempt.exchange.replies,
                             [](const Reply& reply) { return reply.kind == ReplyKind::syn_ack; });
}

bool is_before(std::uint32_t earlier, std::uint32_t later) {
  return static_cast<std::int32_t>(earlier - later) < 0;
}

/// Data sent again means that its acknowledgment did not come.
void note_data(Talk& talk, const TcpSegment& segment) {
  const auto end = segment.sequence + segment.payload;
  if (talk.sent_up_to != 0 && !is_before(talk.sent_up_to, end))
    ++talk.unacknowledged;
  else
    talk.sent_up_to = end;
}

void keep(Attempt& attempt, const Reply& reply) {
  if (attempt.exchange.replies.size() < most_replies) attempt.exchange.replies.push_back(reply);
}

void hear(Attempt& attempt, const Reply& reply, const TcpSegment& segment) {
  auto& talk = attempt.talk;
  if (!talk.spoke) {
    talk.spoke = reply.at;
    keep(attempt, reply);
  }
  if (talk.greeting.size() < longest_greeting)
    talk.greeting.append(segment.text.begin(), segment.text.end());
}

}  // namespace

bool is_talking(const Attempt& attempt) { return attempt.talk.connected || attempt.joined; }

void client_continues(Attempt& attempt, const Observation& observation, const TcpSegment& segment) {
  auto& talk = attempt.talk;
  const auto next = attempt.exchange.spec.sequence + 1;
  if (!is_talking(attempt)) {
    if (attempt.exchange.spec.question.kind != ProbeKind::syn) return;
    if (segment.is_reset()) {
      if (segment.sequence == next) attempt.exchange.own_reset = observation.frame;
      return;
    }
    if (was_accepted(attempt))
      talk.connected = observation.at;
    else
      attempt.answer_unseen = true;
  }
  const bool ends = segment.is_reset() || segment.has(tcp_flag::fin);
  if (ends && !talk.closed && !talk.client_closed) talk.client_closed = observation.at;
  talk.over = talk.over || segment.is_reset() || (ends && talk.closed);
  if (segment.payload > 0 && !ends) note_data(talk, segment);
}

void server_continues(Attempt& attempt, Reply reply, const TcpSegment& segment) {
  auto& talk = attempt.talk;
  reply.segment = segment;
  if (segment.has(tcp_flag::ack) && talk.sent_up_to != 0 &&
      !is_before(segment.acknowledgment, talk.sent_up_to))
    talk.unacknowledged = 0;
  if (segment.payload > 0) hear(attempt, reply, segment);
  if (!segment.is_reset() && !segment.has(tcp_flag::fin)) return;
  talk.over = talk.over || segment.is_reset() || talk.client_closed;
  if (talk.client_closed || talk.closed) return;
  talk.closed = reply.at;
  // A connection that is reset was not refused: the judges tell the two by this kind.
  if (segment.is_reset()) reply.kind = ReplyKind::reset;
  talk.end = Ending{reply.frame, reply.hop_limit, segment.is_reset()};
  keep(attempt, reply);
}

}  // namespace hopblame::offline
