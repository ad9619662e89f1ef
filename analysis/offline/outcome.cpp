#include "analysis/offline/outcome.hpp"

#include "analysis/model/icmp_codes.hpp"
#include "analysis/model/services.hpp"
#include "analysis/offline/endings.hpp"
#include "analysis/offline/in_vain.hpp"
#include "analysis/offline/stuck.hpp"
#include "analysis/offline/unseen_words.hpp"

namespace hopblame::offline {
namespace {

/// An answer that is due takes no longer than this; a kernel repeats its SYN after one second.
constexpr Duration answer_due = std::chrono::seconds(1);
/// Over so long at least: what one burst lost is sent again at once, in many pieces.
constexpr Duration stuck_for = std::chrono::seconds(1);
/// Who does not let a client in says so at once.
constexpr Duration tired = std::chrono::seconds(1);

/// A service that speaks first had the time to do so and did not.
bool ought_to_have_spoken(const Trails& trails, const Trail& trail, TimePoint horizon) {
  if (!trail.talking || trail.spoke || trail.taken || trail.joined) return false;
  const auto& rest = trails.rest_of(trail);
  const auto until = trail.client_closed ? rest.client_closed : horizon;
  const auto due = trail.client_closed ? patience : std::chrono::seconds(greeting_seconds);
  if (until - rest.connected < due) return false;
  const auto service = known_service(trail.flow().flow().destination.port);
  return service && service->speaks_first;
}

/// What the client said must be answered, and the peer has not said a word: so long that the client
/// gave up, or that few programs need to think.
bool ought_to_have_answered(const Trails& trails, const Trail& trail, TimePoint horizon) {
  if (!trail.talking || trail.spoke || trail.taken || trail.joined) return false;
  const auto asked = trails.asked_at(trail);
  if (!asked) return false;
  return trail.client_closed ? trails.rest_of(trail).client_closed - *asked >= patience
                             : horizon - *asked >= std::chrono::seconds(answer_seconds);
}

/// The beginning of what it said never came, so the program has nothing to read.
bool waits_for_beginning(const Trails& trails, const Trail& trail, TimePoint horizon) {
  if (!trail.missed) return false;
  const auto& rest = trails.rest_of(trail);
  const auto since = trail.spoke ? rest.spoke : rest.connected;
  return (trail.client_closed ? rest.client_closed : horizon) - since >= patience;
}

/// A service that waits for the client was never told anything, and grew tired: browsers connect in
/// advance and change their mind.
bool waited_for_client(const Trails& trails, const Trail& trail) {
  if (trail.joined || trail.spoke || trail.number != 0) return false;
  const auto& rest = trails.rest_of(trail);
  const auto waited = rest.closed - rest.connected;
  const auto service = known_service(trail.server_port());
  if (service) return !service->speaks_first && waited >= tired;
  return waited >= std::chrono::seconds(greeting_seconds);  // it would have spoken by then
}

/// The client went on without an answer, as one that needs none (a log, a stream), and the server
/// ends it in order with all of that: who leaves data unread resets (RFC 2525 section 2.17).
bool was_one_way(const Trails& trails, const Trail& trail) {
  if (trail.spoke || trail.reset || !trail.went_on || trails.asked_at(trail)) return false;
  const auto service = known_service(trail.server_port());
  const auto* end = trails.answer_of(trail, ReplyKind::fin);
  const auto* segment = end ? std::get_if<SeenSegment>(&end->what) : nullptr;
  return segment && !is_before(segment->acknowledgment, trail.number) &&
         !(service && service->speaks_first);
}

/// Of Multipath TCP: what is said may take other ways.
bool may_be_idle(const Trails& trails, const Trail& trail) {
  return (trail.joins_another && !trail.reset) || waited_for_client(trails, trail) ||
         was_one_way(trails, trail);
}

bool turned_away(const Trails& trails, const Trail& trail) {
  if (!trail.spoke || trail.joined || trail.gapped) return false;
  const auto port = trail.server_port();
  if (may_turn_away(port, trail.number != 0)) return turns_away(port, trails.greeting(trail));
  // Who says no hangs up then; most who got an answer end it themselves.
  return !trail.client_closed && says_no(port, trails.greeting(trail));
}

/// Data that does not get through, either way, or that the server's program does not take.
bool is_stuck(const Trails& trails, const Trail& trail) {
  if (trail.shut > stuck_times) return true;
  const bool often = trail.unacknowledged >= stuck_times || trail.said_in_vain >= stuck_times;
  return often && trail.touched - trails.rest_of(trail).stuck_since >= stuck_for;
}

Outcome after_handshake(const Trails& trails, const Trail& trail, TimePoint horizon) {
  if (trail.reset && trail.said_in_vain >= stuck_times)
    return Outcome::silent_service;  // it gave up
  if (trail.has_disowned()) return Outcome::closed_early;
  if (waits_for_beginning(trails, trail, horizon)) return Outcome::silent_service;
  if (trail.closed && !trail.spoke && may_be_idle(trails, trail)) return Outcome::open;
  if (trail.closed && !trail.spoke)
    if (const auto unseen = outcome_of_unseen_words(trails, trail)) return *unseen;
  if (trail.closed && (!trail.spoke || trail.reset)) return Outcome::closed_early;
  if (turned_away(trails, trail)) return Outcome::closed_early;
  if (is_stuck(trails, trail)) return Outcome::silent_service;
  const bool silent = ought_to_have_spoken(trails, trail, horizon) ||
                      ought_to_have_answered(trails, trail, horizon);
  return silent ? Outcome::silent_service : Outcome::open;
}

unsigned syn_acks(const Trails& trails, const Trail& trail) {
  unsigned count = 0;
  trails.each_answer(trail, [&](const Answer& answer) {
    if (answer.kind == ReplyKind::syn_ack) ++count;
  });
  return count;
}

/// The server says it again and again, and the client neither acknowledges it nor asks again, as it
/// would if it had not heard: its words get lost, or it never was there (a forged sender, a scan).
bool is_half_open(const Trails& trails, const Trail& trail) {
  return !trail.talking && !trail.own_reset && trail.copies == 1 &&
         syn_acks(trails, trail) >= half_open_syn_acks;
}

/// The server repeats its answer because nobody acknowledges it; that of the client is not shown.
bool is_repeated_unasked(const Trails& trails, const Trail& trail) {
  return trail.unseen() && !trail.talking && syn_acks(trails, trail) > 1;
}

/// The client asked several times and had stopped: a stack resets the answer to a connect() that
/// was given up. Of others, by then who still wanted it would have asked again, after twice the
/// last pause (RFC 6298 section 5.5). A scanner asks once.
bool is_answered_too_late(const Trails& trails, const Trail& trail) {
  if (!trail.own_reset || trail.copies < 2 || trail.gap == 0) return false;
  if (trail.by_stack) return true;
  const auto* answer = trails.answer_of(trail, ReplyKind::syn_ack);
  return answer && answer->at - trail.at > 4 * std::chrono::seconds(trail.gap);
}

std::optional<Outcome> unanswered(const Trail& trail, TimePoint horizon) {
  if (is_limited(trail)) return {};
  if (trail.answer_unseen) return Outcome::inconclusive;
  // Of two the first may have met a long way, and the second ends the capture.
  const bool waited = trail.copies > 2 || horizon - trail.touched >= answer_due;
  return waited ? Outcome::dropped : Outcome::inconclusive;
}

Outcome answered(const Trails& trails, const Trail& trail, TimePoint horizon) {
  if (trail.answers > 1 && (is_half_open(trails, trail) || is_repeated_unasked(trails, trail)))
    return Outcome::inconclusive;
  if (is_answered_too_late(trails, trail)) return Outcome::dropped;
  if (trail.copies > 1 && !trail.talking) {
    if (is_answered_in_vain(trails, trail)) return Outcome::dropped;
    if (is_asked_on(trails, trail)) return Outcome::inconclusive;
  }
  return after_handshake(trails, trail, horizon);
}

}  // namespace

std::optional<Outcome> outcome_of(Family family, const SeenError& error) {
  if (icmp_errno(family, error.type, error.code) == 0) return {};
  const bool routing = is_routing_code(family, error.type, error.code) &&
                       !is_admin_prohibited(family, error.type, error.code);
  return routing ? Outcome::unreachable : Outcome::rejected;
}

std::optional<Outcome> outcome_of(const Trails& trails, const Trail& trail, TimePoint horizon) {
  if (trail.kind != ProbeKind::syn) return {};
  if (trail.joined && (trail.reset || trail.has_disowned())) return Outcome::closed_early;
  if (trail.joined && is_stuck(trails, trail)) return Outcome::silent_service;
  if (trail.joined) return {};
  if (trail.answers == 0) return unanswered(trail, horizon);
  // A stack may ask again after a RST (Windows does), and be accepted then.
  if (trail.has(ReplyKind::reset_ack) && !trail.talking) return Outcome::refused;
  if (trail.unseen() && trail.own_reset) return {};  // to a question that nobody asks any more
  if (trail.has(ReplyKind::syn_ack)) return answered(trails, trail, horizon);
  if (trail.rejected) return Outcome::rejected;
  if (trail.unreachable) return Outcome::unreachable;
  if (!trail.has(ReplyKind::time_exceeded)) return unanswered(trail, horizon);
  return is_limited(trail) ? std::nullopt : std::optional(Outcome::unreachable);
}

}  // namespace hopblame::offline
