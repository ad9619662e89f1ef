#include "analysis/offline/endings.hpp"

#include <cstdlib>

#include "analysis/model/services.hpp"
#include "analysis/model/tcp_limits.hpp"
#include "analysis/offline/answer.hpp"
#include "analysis/offline/seen_again.hpp"
#include "analysis/offline/stuck.hpp"
#include "analysis/path/distance.hpp"

namespace hopblame::offline {
namespace {

/// What several queues record is out of order by less.
constexpr Duration out_of_order = std::chrono::milliseconds(5);

/// How far the server has spoken when it resets the connection: what it said last may be recorded
/// after that, or not at all.
std::uint32_t last_word(const Trail& trail, const SeenSegment& reset) {
  constexpr std::uint32_t near = 1 << 16;
  return trail.said == 0 || reset.sequence - trail.said < near ? reset.sequence : trail.said;
}

/// What was sent after the end is acknowledged: who was reset takes nothing in any more, and did
/// not heed it (blind, or out of its window: RFC 9293 section 3.10.7.4).
bool is_taken_in(const Trails& trails, const Trail& trail, const SeenSegment& segment) {
  return !segment.is_reset() && segment.has(tcp_flag::ack) &&
         is_before(trails.rest_of(trail).server_stuck, segment.acknowledgment);
}

void forget_end(Trail& trail) {
  trail.closed = trail.reset = trail.over = trail.client_closed = trail.outlived = false;
  trail.count_misfit();
}

/// What is not known differs from nothing.
bool is_near(HopLimit known, HopLimit seen) {
  const int apart = known.value - seen.value;
  const int farther = guessed_distance(seen) - guessed_distance(known);
  return known.value == 0 || std::abs(apart) <= 1 || std::abs(farther) <= 1;
}

/// Over another number of routers. A way that changes does by one or so, and what a kernel says
/// without the socket starts at its own hop limit, whatever the application has set (Linux
/// tcp_v4_send_reset). A SYN may be a proxy's, so that the acknowledgment counts as well.
bool came_another_way(const Rest& rest, const Trail& trail, HopLimit seen) {
  return !trail.joined && !is_near(trail.hop_limit, seen) && !is_near(rest.end_hop_limit, seen);
}

/// A client that has sent a RST says nothing new.
bool speaks_after_reset(const Rest& rest, const Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  const auto end = segment.sequence + segment.payload;
  return trail.client_closed && !trail.closed && segment.payload > 0 && !segment.is_reset() &&
         (trail.number == 0 || is_before(trail.number, end)) &&
         seen.at - rest.client_closed > out_of_order;
}

/// Nor does a server.
bool speaks_after_own_reset(const Rest& rest, const Trail& trail, const Sighting& seen) {
  const auto end = seen.segment.sequence + seen.segment.payload;
  return trail.reset && !trail.has_disowned() && seen.segment.payload > 0 && trail.said != 0 &&
         is_before(trail.said, end) && seen.at - rest.closed > out_of_order;
}

void disown(Rest& rest, Trail& trail, std::uint32_t next, FrameId witness) {
  trail.closed = trail.client_closed = true;
  rest.server_stuck = next;
  if (!trail.own_reset) rest.witness = witness;
}

/// The RST that seemed to be the client's was somebody else's.
void disown_reset(Rest& rest, Trail& trail, std::uint32_t next, FrameId witness) {
  disown(rest, trail, next, witness);
  trail.reset = true;
  rest.closed = rest.client_closed;
}

const SeenSegment* ending_segment(const Trails& trails, const Trail& trail) {
  const SeenSegment* found = nullptr;
  trails.each_answer(trail, [&](const Answer& answer) {
    if (answer.frame == trails.rest_of(trail).end) found = std::get_if<SeenSegment>(&answer.what);
  });
  return found;
}

/// Who ends a connection with a RST says up to where both had spoken (RFC 9293 section 3.10.5), and
/// keeps nothing of it: whoever goes on from there sent none. A RST that acknowledges nothing bears
/// a number that the client chose, so that words on their way may come after it.
bool goes_beyond(const SeenSegment& reset, const Trail& trail, const Rest& rest,
                 const Sighting& seen) {
  const auto& segment = seen.segment;
  const auto end = segment.sequence + segment.payload + (segment.has(tcp_flag::fin) ? 1 : 0);
  const bool says_more = is_before(reset.sequence, end) && is_before(trail.said, end);
  if (!reset.has(tcp_flag::ack)) return says_more && seen.at - rest.closed > out_of_order;
  return says_more ||
         (segment.has(tcp_flag::ack) && is_before(reset.acknowledgment, segment.acknowledgment));
}

bool takes_all_in(const Trail& trail, const SeenSegment& segment) {
  return !trail.joined && segment.has(tcp_flag::ack) &&
         !is_before(segment.acknowledgment, trail.next_of_client());
}

void outlive_reset(Trails& trails, Trail& trail, const Sighting& seen) {
  if (!trail.reset || trail.has_disowned() || trail.apart || seen.segment.is_reset()) return;
  auto& rest = trails.rest_of(trail);
  if (!trail.outlived) {
    const auto* reset = rest.witness == FrameId{} ? ending_segment(trails, trail) : nullptr;
    if (!reset || !goes_beyond(*reset, trail, rest, seen)) return;
    trail.outlived = true;
    trail.taken_in = false;
    rest.witness = seen.frame;
  }
  if (trail.taken_in || !takes_all_in(trail, seen.segment)) return;
  trail.taken_in = true;
  rest.witness = seen.frame;
}

/// Of a connection that was reset: its RST, not a refusal, which the judges tell by this kind.
Answer ending_reset(const Sighting& seen) {
  auto answer = answer_of_segment(seen);
  answer.kind = ReplyKind::reset;
  return answer;
}

/// Of two merged files the client's shows the server's RST once more, on its arrival.
void reset_arrives(Trails& trails, Trail& trail, const Sighting& seen) {
  if (!trails.replace(trail, ending_reset(seen), is_arrival)) return;
  auto& rest = trails.rest_of(trail);
  rest.end = seen.frame;
  rest.end_hop_limit = seen.hop_limit;
}

/// Nobody says anything, and nobody repeats anything, so that all has arrived: after so long what
/// did not would be sent again (RFC 6298 section 2).
bool is_idle(const Trail& trail, TimePoint now) {
  return !trail.is_stuck() && now - trail.touched >= retransmission;
}

}  // namespace

void client_ends(Trails& trails, Trail& trail, const Sighting& seen) {
  auto& rest = trails.rest_of(trail);
  const bool strange = seen.segment.is_reset() && came_another_way(rest, trail, seen.hop_limit);
  trail.client_closed = true;
  rest.client_closed = seen.at;
  rest.end = seen.frame;
  rest.end_hop_limit = seen.hop_limit;
  const auto next = trail.number == 0 ? seen.segment.sequence : trail.number;
  if (strange) disown_reset(rest, trail, next, {});
  // Linux tcp_keepalive_timer; of data that is not acknowledged a kernel tells nobody.
  const bool in_vain = trail.asking && trail.unacknowledged >= stuck_times;
  trail.gave_up = !strange && in_vain && seen.segment.is_reset();
}

/// Who walks chooses the hop limit of its SYNs, which may permit SACK as a kernel's do, and its
/// kernel resets with its own what answers them.
bool is_strange_refusal(const Trail& trail, const Sighting& seen) {
  return trail.by_stack && !is_limited(trail) && !trail.unseen() && !trail.twice && !trail.apart &&
         trail.has(ReplyKind::syn_ack) && !is_near(trail.hop_limit, seen.hop_limit);
}

void half_open_is_reset(Trails& trails, Trail& trail, const Sighting& seen) {
  trails.rest_of(trail).end_hop_limit = trail.hop_limit;
  client_ends(trails, trail, seen);
  trail.over = true;
}

void server_ends(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  trail.closed = true;
  trail.reset = segment.is_reset();
  auto& rest = trails.rest_of(trail);
  rest.closed = seen.at;
  rest.end = seen.frame;
  rest.end_hop_limit = seen.hop_limit;
  if (trail.reset) {
    rest.server_stuck = last_word(trail, segment);
    trail.was_idle = is_idle(trail, seen.at);
  } else if (trail.said == 0 || is_before(trail.said, segment.sequence))
    trail.said = segment.sequence;
  trails.add_answer(trail, trail.reset ? ending_reset(seen) : answer_of_segment(seen));
}

void client_speaks_after_fin(Trails& trails, Trail& trail, const Sighting& seen) {
  auto& rest = trails.rest_of(trail);
  if (!trail.own_reset && is_question(trail.server_port(), seen.text, seen.segment.payload) &&
      rest.witness == FrameId{})
    rest.witness = seen.frame;
}

void server_resets_after_fin(Trails& trails, Trail& trail, const Sighting& seen) {
  auto& rest = trails.rest_of(trail);
  if (trail.own_reset || rest.witness == FrameId{}) return;
  trail.reset = true;
  rest.end = seen.frame;
  rest.end_hop_limit = seen.hop_limit;
  rest.server_stuck = last_word(trail, seen.segment);
  trails.add_answer(trail, ending_reset(seen));
}

void client_goes_on_after_end(Trails& trails, Trail& trail, const Sighting& seen) {
  const bool by_server = trail.closed && trail.reset != trail.client_closed;
  if (by_server && is_taken_in(trails, trail, seen.segment)) return forget_end(trail);
  auto& rest = trails.rest_of(trail);
  if (speaks_after_reset(rest, trail, seen))
    disown_reset(rest, trail, seen.segment.sequence, seen.frame);
}

void server_goes_on_after_end(Trails& trails, Trail& trail, const Sighting& seen) {
  auto& rest = trails.rest_of(trail);
  outlive_reset(trails, trail, seen);
  // Then a number far ahead in the RST was not the server's word: what it had said counts.
  if (speaks_after_own_reset(rest, trail, seen) && is_before(trail.said, rest.server_stuck))
    rest.server_stuck = trail.said;
  if (trail.apart && trail.reset && seen.segment.is_reset()) reset_arrives(trails, trail, seen);
  if (trail.twice && trail.reset && seen.segment.is_reset())
    trails.note_passage(trail, ending_reset(seen), is_answered_again);
  const bool as_client = trail.has_disowned() && trail.reset;
  if (as_client && is_taken_in(trails, trail, seen.segment)) forget_end(trail);
}

/// After its FIN a server has nothing more to say (RFC 9293 section 3.6): it was somebody else's. A
/// single byte may be a keepalive.
void server_speaks_after_end(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  const auto more = segment.sequence + segment.payload - trail.said;
  if (trail.reset || trail.client_closed || segment.payload <= 1 || more >= largest_window) return;
  trail.over = true;
  auto& rest = trails.rest_of(trail);
  disown(rest, trail, trail.said + 1, seen.frame);
  rest.client_closed = rest.closed;
}

}  // namespace hopblame::offline
