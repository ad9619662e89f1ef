#include "analysis/offline/conversation.hpp"

#include <algorithm>

#include "analysis/model/services.hpp"
#include "analysis/offline/answer.hpp"

namespace hopblame::offline {
namespace {

bool is_before(std::uint32_t earlier, std::uint32_t later) {
  return static_cast<std::int32_t>(earlier - later) < 0;
}

void count_up(std::uint8_t& count) {
  if (count < UINT8_MAX) ++count;
}

/// Once for a connection.
void note_request(Trails& trails, Trail& trail, const Sighting& seen) {
  using Tenths = std::chrono::duration<std::int64_t, std::deci>;
  const std::string_view words(reinterpret_cast<const char*>(seen.text.data()), seen.text.size());
  if (trail.joined || !must_be_answered(trail.server_port(), words)) return;
  auto& rest = trails.rest_of(trail);
  const auto after = std::chrono::floor<Tenths>(seen.at - rest.connected).count() + 1;
  rest.asked = static_cast<std::uint16_t>(std::clamp<std::int64_t>(after, 1, UINT16_MAX));
}

/// Data sent again means that its acknowledgment did not come.
void note_data(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto end = seen.segment.sequence + seen.segment.payload;
  if (trail.number == 0) note_request(trails, trail, seen);
  if (trail.number == 0 || is_before(trail.number, end)) {
    trail.number = end;
    return;
  }
  if (trail.unacknowledged == 0) {
    trails.rest_of(trail).stuck = end;
    trails.rest_of(trail).stuck_since = seen.at;
  }
  count_up(trail.unacknowledged);
}

void note_server_data(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto end = seen.segment.sequence + seen.segment.payload;
  if (trail.said == 0 || is_before(trail.said, end)) {
    trail.said = end;
    return;
  }
  if (trail.said_in_vain == 0) {
    trails.rest_of(trail).server_stuck = end;
    trails.rest_of(trail).stuck_since = seen.at;
  }
  count_up(trail.said_in_vain);
}

/// What was repeated has arrived.
void acknowledge(Trails& trails, std::uint8_t& in_vain, std::uint32_t Rest::*stuck, Trail& trail,
                 const SeenSegment& segment) {
  if (in_vain == 0 || !segment.has(tcp_flag::ack)) return;
  if (!is_before(segment.acknowledgment, trails.rest_of(trail).*stuck)) in_vain = 0;
}

/// Keepalive and window probes bear the number before the next one, so that a peer that is there
/// has to answer (RFC 9293 section 3.8.4; RFC 1122 section 4.2.2.17).
bool asks_whether_alive(const Trail& trail, const SeenSegment& segment) {
  if (segment.payload > 0 || segment.flags != tcp_flag::ack) return false;
  if (trail.number == 0) return !trail.joined && segment.sequence == trail.sequence;
  return segment.sequence == trail.number - 1;
}

void note_question(Trails& trails, Trail& trail, const Sighting& seen) {
  trail.number = seen.segment.sequence + 1;
  if (trail.unacknowledged == 0) {
    trails.rest_of(trail).stuck = trail.number;
    trails.rest_of(trail).stuck_since = seen.at;
  }
  count_up(trail.unacknowledged);
}

/// The same of the server.
void note_server_question(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  const bool asks = segment.payload == 0 && segment.flags == tcp_flag::ack && trail.said != 0 &&
                    segment.sequence == trail.said - 1;
  if (!asks) return;
  if (trail.said_in_vain == 0) {
    trails.rest_of(trail).server_stuck = trail.said;
    trails.rest_of(trail).stuck_since = seen.at;
  }
  count_up(trail.said_in_vain);
}

/// Of a burst each piece is acknowledged, the last ones with a window that is full; it stays so
/// when the client asks again.
void note_shut(Trail& trail) {
  if (trail.unacknowledged > 0 || trail.shut == 0) count_up(trail.shut);
}

/// The first packet of the client after its SYN.
void client_goes_on(Trails& trails, Trail& trail, const Sighting& seen) {
  if (trail.has(ReplyKind::syn_ack)) {
    auto& rest = trails.rest_of(trail);
    rest.connected = seen.at;
    rest.end_hop_limit = seen.hop_limit;
    trail.talking = true;
  } else {
    trail.answer_unseen = true;
  }
}

/// How far the server has spoken when it resets the connection: what it said last may be recorded
/// after that, or not at all.
std::uint32_t last_word(const Trail& trail, const SeenSegment& reset) {
  constexpr std::uint32_t near = 1 << 16;
  return trail.said == 0 || reset.sequence - trail.said < near ? reset.sequence : trail.said;
}

/// Who was reset takes nothing in any more: a client that acknowledges what came after the RST did
/// not heed it (blind, or out of its window: RFC 9293 section 3.10.7.4).
bool outlives_reset(const Trails& trails, const Trail& trail, const SeenSegment& segment) {
  return trail.reset && !trail.client_closed && !segment.is_reset() && segment.has(tcp_flag::ack) &&
         is_before(trails.rest_of(trail).server_stuck, segment.acknowledgment);
}

void go_on_after_reset(Trail& trail) {
  trail.closed = trail.reset = trail.over = trail.client_closed = false;
  if (trail.misfits < UINT16_MAX) ++trail.misfits;
}

/// No stack changes its hop limit in the middle of a connection, and a way that changes does by a
/// router or so; a SYN may be a proxy's, so that the acknowledgment counts as well.
bool came_another_way(const Rest& rest, const Trail& trail, HopLimit seen) {
  const auto is_near = [&](HopLimit known) {
    const int apart = known.value - seen.value;
    return known.value == 0 || (apart >= -1 && apart <= 1);
  };
  return trail.talking && !trail.joined && !is_near(trail.hop_limit) &&
         !is_near(rest.end_hop_limit);
}

/// A client that has sent a RST says nothing new. What several queues record is out of order by
/// less.
bool speaks_after_reset(const Rest& rest, const Trail& trail, const Sighting& seen) {
  constexpr Duration late = std::chrono::milliseconds(5);
  const auto& segment = seen.segment;
  return trail.client_closed && !trail.closed && segment.payload > 0 && !segment.is_reset() &&
         is_before(trail.number, segment.sequence + segment.payload) &&
         seen.at - rest.client_closed > late;
}

/// The RST that seemed to be the client's was somebody else's.
void disown_reset(Rest& rest, Trail& trail, std::uint32_t next) {
  trail.closed = trail.client_closed = trail.reset = true;
  rest.closed = rest.client_closed;
  rest.server_stuck = next;
}

/// After a RST of either.
void goes_on_after_end(Trails& trails, Trail& trail, const Sighting& seen) {
  if (outlives_reset(trails, trail, seen.segment)) go_on_after_reset(trail);
  auto& rest = trails.rest_of(trail);
  if (speaks_after_reset(rest, trail, seen)) disown_reset(rest, trail, trail.number);
}

/// The server takes in what the client says after it.
bool outlives_disowned(const Trails& trails, const Trail& trail, const SeenSegment& segment) {
  return trail.has_disowned() && !segment.is_reset() && segment.has(tcp_flag::ack) &&
         is_before(trails.rest_of(trail).server_stuck, segment.acknowledgment);
}

void client_ends(Trails& trails, Trail& trail, const Sighting& seen) {
  auto& rest = trails.rest_of(trail);
  const bool strange = seen.segment.is_reset() && came_another_way(rest, trail, seen.hop_limit);
  trail.client_closed = true;
  rest.client_closed = seen.at;
  rest.end = seen.frame;
  rest.end_hop_limit = seen.hop_limit;
  if (strange) disown_reset(rest, trail, trail.number == 0 ? seen.segment.sequence : trail.number);
}

void hear(Trails& trails, Trail& trail, const Sighting& seen) {
  if (!trail.spoke) {
    trail.spoke = true;
    trails.rest_of(trail).spoke = seen.at;
    trails.add_answer(trail, answer_of_segment(seen));
  }
  trails.add_greeting(trail, seen.text);
}

}  // namespace

void client_continues(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  if (!trail.talking) {
    if (trail.kind != ProbeKind::syn) return;
    if (segment.is_reset()) {
      if (segment.sequence != trail.sequence + 1) return;
      trail.own_reset = true;
      trails.rest_of(trail).own_reset = seen.frame;
      return;
    }
    client_goes_on(trails, trail, seen);
  }
  if (trail.over) goes_on_after_end(trails, trail, seen);
  const bool ends = segment.is_reset() || segment.has(tcp_flag::fin);
  if (ends && !trail.closed && !trail.client_closed) client_ends(trails, trail, seen);
  trail.over = trail.over || segment.is_reset() || (ends && trail.closed);
  if (segment.payload > 0 && !ends) note_data(trails, trail, seen);
  if (asks_whether_alive(trail, segment)) note_question(trails, trail, seen);
  acknowledge(trails, trail.said_in_vain, &Rest::server_stuck, trail, segment);
}

void server_continues(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  if (trail.over && outlives_disowned(trails, trail, segment)) go_on_after_reset(trail);
  if (segment.window == 0 && segment.flags == tcp_flag::ack)
    note_shut(trail);
  else if (trail.shut != 0)
    trail.shut = 0;
  acknowledge(trails, trail.unacknowledged, &Rest::stuck, trail, segment);
  if (segment.payload > 0)
    note_server_data(trails, trail, seen);
  else
    note_server_question(trails, trail, seen);
  if (segment.payload > 0 && !trail.greeted) hear(trails, trail, seen);
  if (!segment.is_reset() && !segment.has(tcp_flag::fin)) return;
  trail.over = trail.over || segment.is_reset() || trail.client_closed;
  if (trail.client_closed || trail.closed) return;
  trail.closed = true;
  trail.reset = segment.is_reset();
  auto& rest = trails.rest_of(trail);
  rest.closed = seen.at;
  rest.end = seen.frame;
  rest.end_hop_limit = seen.hop_limit;
  if (trail.reset) rest.server_stuck = last_word(trail, segment);
  auto answer = answer_of_segment(seen);
  // A connection that is reset was not refused: the judges tell the two by this kind.
  if (segment.is_reset()) answer.kind = ReplyKind::reset;
  trails.add_answer(trail, answer);
}

}  // namespace hopblame::offline
