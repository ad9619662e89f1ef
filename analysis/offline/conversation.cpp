#include "analysis/offline/conversation.hpp"

namespace hopblame::offline {
namespace {

bool is_before(std::uint32_t earlier, std::uint32_t later) {
  return static_cast<std::int32_t>(earlier - later) < 0;
}

/// Data sent again means that its acknowledgment did not come.
void note_data(Talk& talk, const SeenSegment& segment) {
  const auto end = segment.sequence + segment.payload;
  if (talk.sent_up_to != 0 && !is_before(talk.sent_up_to, end))
    ++talk.unacknowledged;
  else
    talk.sent_up_to = end;
}

void note_own_reset(Trail& trail, const Sighting& seen) {
  const auto distance = seen.frame.value - trail.frame.value;
  if (seen.segment.sequence == trail.sequence + 1 && distance <= UINT32_MAX)
    trail.own_reset = static_cast<std::uint32_t>(distance);
}

/// The first packet of the client after its SYN.
void client_goes_on(Trails& trails, Trail& trail, const Sighting& seen) {
  if (trails.answer_of(trail, ReplyKind::syn_ack)) {
    trails.talk_of(trail).connected = seen.at;
    trail.talking = true;
  } else {
    trail.answer_unseen = true;
  }
}

}  // namespace

void client_continues(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  if (!trail.talking) {
    if (trail.kind != ProbeKind::syn) return;
    if (segment.is_reset()) return note_own_reset(trail, seen);
    client_goes_on(trails, trail, seen);
  }
  const bool ends = segment.is_reset() || segment.has(tcp_flag::fin);
  if (!ends && segment.payload == 0) return;
  auto& talk = trails.talk_of(trail);
  if (ends && !talk.closed && !talk.client_closed) talk.client_closed = seen.at;
  trail.over = trail.over || segment.is_reset() || (ends && talk.closed);
  if (segment.payload > 0 && !ends) note_data(talk, segment);
}

void server_continues(Trails& trails, Trail& trail, const Sighting& seen, Answer answer) {
  const auto& segment = seen.segment;
  auto& talk = trails.talk_of(trail);
  if (segment.has(tcp_flag::ack) && talk.sent_up_to != 0 &&
      !is_before(segment.acknowledgment, talk.sent_up_to))
    talk.unacknowledged = 0;
  if (segment.payload > 0) {
    if (!talk.spoke) trails.add_answer(trail, answer);
    talk.spoke = talk.spoke.value_or(seen.at);
    talk.greeting.append(seen.text);
  }
  if (!segment.is_reset() && !segment.has(tcp_flag::fin)) return;
  trail.over = trail.over || segment.is_reset() || talk.client_closed;
  if (talk.client_closed || talk.closed) return;
  talk.closed = seen.at;
  // A connection that is reset was not refused: the judges tell the two by this kind.
  if (segment.is_reset()) answer.kind = ReplyKind::reset;
  talk.end = Ending{seen.frame, seen.hop_limit, segment.is_reset()};
  trails.add_answer(trail, answer);
}

}  // namespace hopblame::offline
