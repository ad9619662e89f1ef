#include "analysis/offline/conversation.hpp"

#include <algorithm>

#include "analysis/model/services.hpp"
#include "analysis/model/tcp_limits.hpp"
#include "analysis/offline/answer.hpp"
#include "analysis/offline/endings.hpp"
#include "analysis/offline/first_words.hpp"
#include "analysis/offline/outcome.hpp"
#include "analysis/offline/stuck.hpp"

namespace hopblame::offline {
namespace {

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
  const auto frames = seen.frame.value - trail.frame.value;
  constexpr std::uint32_t most = (1u << 31) - 1;
  rest.asked_after = static_cast<std::uint32_t>(std::min<std::uint64_t>(frames, most)) & most;
  rest.to_proxy = asks_proxy(words) ? 1 : 0;
}

/// It begins to be repeated. That of the other end may have done so long before.
void begin_stuck(Trails& trails, Trail& trail, std::uint32_t Rest::*what, std::uint32_t end,
                 const Sighting& seen) {
  auto& rest = trails.rest_of(trail);
  rest.*what = end;
  if (trail.unacknowledged + trail.said_in_vain == 0) rest.large_in_vain = 0;
  if (std::max(trail.unacknowledged, trail.said_in_vain) >= stuck_times) return;
  rest.stuck_since = seen.at;
  rest.stuck_frame = seen.frame;
}

/// It is sent again, as what was not acknowledged.
void note_repetition(Trails& trails, Trail& trail, std::uint8_t Trail::*times,
                     std::uint32_t Rest::*what, std::uint32_t end, const Sighting& seen) {
  if (trail.*times == 0) begin_stuck(trails, trail, what, end, seen);
  if (seen.segment.payload > always_passes) trails.rest_of(trail).large_in_vain = 1;
  count_up(trail.*times);
}

/// The server shows that it is heard and hears: what it repeated was on its way.
void forget_deafness(Trail& trail) {
  if (!trail.heard) return;
  trail.heard = false;
  trail.said_in_vain = 0;
}

/// Data sent again means that its acknowledgment did not come.
void note_data(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto end = seen.segment.sequence + seen.segment.payload;
  if (trail.number == 0) note_request(trails, trail, seen);
  trail.asking = false;
  if (trail.number == 0 || is_before(trail.number, end)) {
    if (trail.heeded) trail.went_on = 1;
    trail.number = end;
    return;
  }
  note_repetition(trails, trail, &Trail::unacknowledged, &Rest::stuck, end, seen);
}

/// It takes a number of its own, and is sent again as data is (RFC 9293 section 3.4).
void note_fin_again(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto end = seen.segment.sequence + seen.segment.payload + 1;
  trail.asking = false;
  note_repetition(trails, trail, &Trail::unacknowledged, &Rest::stuck, end, seen);
}

/// Asks with the last byte that was acknowledged, as some stacks do; see `asks_whether_alive`.
bool is_asking_byte(const Trail& trail, std::uint32_t end, std::uint32_t payload) {
  return payload == 1 && end == trail.said;
}

/// Whether it is more than the server had said.
bool note_server_data(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto end = seen.segment.sequence + seen.segment.payload;
  if (trail.said == 0 || is_before(trail.said, end)) {
    if (trail.closed) server_speaks_after_end(trails, trail, seen);
    forget_deafness(trail);
    trail.said = end;
    return true;
  }
  if (trail.over) return false;  // nobody is there any more to acknowledge it
  const bool further = trail.heard && is_before(trails.rest_of(trail).server_stuck, end);
  if (further || is_asking_byte(trail, end, seen.segment.payload)) forget_deafness(trail);
  const auto known = trail.heard ? trails.rest_of(trail).server_stuck : end;
  note_repetition(trails, trail, &Trail::said_in_vain, &Rest::server_stuck, known, seen);
  return false;
}

bool covers(Trails& trails, Trail& trail, std::uint32_t Rest::*stuck, const SeenSegment& segment) {
  return segment.has(tcp_flag::ack) &&
         !is_before(segment.acknowledgment, trails.rest_of(trail).*stuck);
}

/// The client has said something, was not answered, and ended it: a packet of the server that
/// counts none of that tells that it was lost. Who waits only as long as its timer runs (3 s after
/// a repeated SYN, RFC 6298 section 5.7) does not send it again before.
[[gnu::noinline]] void note_lack(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  const bool counts = segment.has(tcp_flag::ack) && !segment.is_reset() && !segment.is_syn_ack();
  if (trail.lacks || trail.closed || trail.number == 0 || !counts) return;
  if (trail.joined || segment.acknowledgment != trail.sequence + 1) return;
  trail.lacks = true;
  trails.add_answer(trail, [&] { return answer_of_segment(seen); });
}

/// What the client repeated has arrived.
void server_acknowledges(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  if (trail.client_closed && !trail.spoke) note_lack(trails, trail, seen);
  if (trail.unacknowledged > 0 && covers(trails, trail, &Rest::stuck, segment))
    trail.unacknowledged = 0;
  if (!trail.spoke && trail.number != 0 && segment.acknowledgment == trail.number) trail.heeded = 1;
}

/// What the server repeated has arrived. If it goes on to repeat it, this does not reach it.
void client_acknowledges(Trails& trails, Trail& trail, const SeenSegment& segment) {
  if (trail.said_in_vain == 0 || trail.heard) return;
  if (!covers(trails, trail, &Rest::server_stuck, segment)) return;
  trail.said_in_vain = 0;
  trail.heard = true;
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
  trail.asking = true;
  note_repetition(trails, trail, &Trail::unacknowledged, &Rest::stuck, trail.number, seen);
}

/// The same of the server. Whatever else it sends without data answers the client.
void note_server_question(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  if (segment.flags != tcp_flag::ack) return;
  forget_deafness(trail);
  if (trail.said == 0 || segment.sequence != trail.said - 1) return;
  note_repetition(trails, trail, &Trail::said_in_vain, &Rest::server_stuck, trail.said, seen);
}

/// Of a burst each piece is acknowledged, the last ones with a window that is full; it stays so
/// when the client asks again.
void note_shut(Trails& trails, Trail& trail, const Sighting& seen) {
  if (trail.shut == 0 && trail.unacknowledged == 0 && trail.said_in_vain == 0)
    trails.rest_of(trail).stuck_frame = seen.frame;
  constexpr unsigned most = (1u << 7) - 1;
  if ((trail.unacknowledged > 0 || trail.shut == 0) && trail.shut < most)
    trail.shut = (trail.shut + 1) & most;
}

/// It was said after a long pause, or answers what was.
[[gnu::noinline]] void note_pause(Trails& trails, Trail& trail, const Sighting& seen,
                                  bool by_server) {
  using std::chrono::seconds;
  constexpr std::int64_t most = (1 << 30) - 1;
  auto& rest = trails.rest_of(trail);
  if (trail.paused && by_server != rest.pause_of_server && !seen.segment.is_reset())
    trail.paused = 0;
  const auto pause = seen.at - trail.touched;
  if (trail.paused || pause < long_pause) return;
  trail.paused = 1;
  rest.pause_of_server = by_server ? 1 : 0;
  const auto lasted = std::min(std::chrono::floor<seconds>(pause).count(), most);
  rest.pause = static_cast<std::uint32_t>(lasted) & most;
}

bool ends_pause(const Trail& trail, const Sighting& seen) {
  return trail.paused != 0 || seen.at - trail.touched >= long_pause;
}

/// It acknowledges what is not in the capture.
[[gnu::noinline]] void goes_on_without_answer(Trails& trails, Trail& trail, const Sighting& seen) {
  if (!trail.answer_unseen) trails.rest_of(trail).connected = seen.at;
  trail.answer_unseen = true;
  if (seen.segment.has(tcp_flag::ack)) trail.said = seen.segment.acknowledgment;
}

/// The first packet of the client after its SYN.
void client_goes_on(Trails& trails, Trail& trail, const Sighting& seen) {
  if (trail.has(ReplyKind::syn_ack)) {
    auto& rest = trails.rest_of(trail);
    rest.connected = seen.at;
    rest.end_hop_limit = seen.hop_limit;
    trail.talking = true;
  } else {
    goes_on_without_answer(trails, trail, seen);
  }
}

/// For the first time, or with the same FIN again.
void client_leaves(Trails& trails, Trail& trail, const Sighting& seen) {
  if (!trail.client_closed) return client_ends(trails, trail, seen);
  if (!trail.over && !seen.segment.is_reset()) note_fin_again(trails, trail, seen);
}

}  // namespace

void client_continues(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  if (!trail.talking) {
    if (trail.kind != ProbeKind::syn) return;
    if (segment.is_reset()) {
      if (segment.sequence != trail.sequence + 1) return;
      if (is_strange_refusal(trail, seen)) return half_open_is_reset(trails, trail, seen);
      trail.own_reset = true;
      trails.rest_of(trail).witness = seen.frame;
      return;
    }
    client_goes_on(trails, trail, seen);
  }
  if (ends_pause(trail, seen)) note_pause(trails, trail, seen, false);
  if (trail.over) client_goes_on_after_end(trails, trail, seen);
  const bool ends = segment.is_reset() || segment.has(tcp_flag::fin);
  // Before any word the last that it acknowledges is enough.
  if (!trail.taken && (trail.spoke || trail.gapped || (ends && !trail.joined)))
    if (!segment.is_reset()) note_hearing(trails, trail, segment);
  if (segment.is_reset() && trail.client_closed) forget_late_words(trails, trail);
  if (ends && !trail.closed) client_leaves(trails, trail, seen);
  trail.over = trail.over || segment.is_reset() || (ends && trail.closed);
  if (segment.payload > 0 && !ends) {
    if (trail.has_server_fin()) client_speaks_after_fin(trails, trail, seen);
    note_data(trails, trail, seen);
  }
  if (asks_whether_alive(trail, segment)) note_question(trails, trail, seen);
  client_acknowledges(trails, trail, segment);
}

void server_continues(Trails& trails, Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  if (ends_pause(trail, seen)) note_pause(trails, trail, seen, true);
  if (trail.over) server_goes_on_after_end(trails, trail, seen);
  if (!segment.is_reset()) trail.said_limit = seen.hop_limit.value;
  if (segment.window == 0 && segment.flags == tcp_flag::ack)
    note_shut(trails, trail, seen);
  else if (trail.shut != 0)
    trail.shut = 0;
  server_acknowledges(trails, trail, seen);
  if (segment.payload > 0) {
    const bool anew = note_server_data(trails, trail, seen);
    if (!trail.greeted) hear(trails, trail, seen, anew);
  } else if (segment.is_syn_ack()) {
    trails.add_answer(trail, [&] { return answer_of_segment(seen); });  // it has not heard of us
  } else {
    if (!trail.spoke && seen.at - trail.at >= patience) note_lost_words(trails, trail, seen);
    note_server_question(trails, trail, seen);
  }
  if (trail.gapped) fill_gap(trails, trail, segment);
  if (!segment.is_reset() && !segment.has(tcp_flag::fin)) return;
  if (segment.is_reset() && trail.has_server_fin() && !trail.over)
    server_resets_after_fin(trails, trail, seen);
  trail.over = trail.over || segment.is_reset() || trail.client_closed;
  if (!trail.client_closed && !trail.closed) server_ends(trails, trail, seen);
}

}  // namespace hopblame::offline
