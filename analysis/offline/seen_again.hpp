#pragma once
// A capture may show the same packet more than once: on its way through a router, on several
// interfaces.

#include <cstdlib>
#include <variant>

#include "analysis/model/tcp_limits.hpp"
#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

/// No packet takes longer to the other end, over a satellite either.
inline constexpr Duration longest_way = std::chrono::milliseconds(500);

/// The same packet again: on its way through the machine that captured it (tcpdump -i any on a
/// router, more than once in a loop), or on another interface of it (a bridge, a VLAN, both
/// directions of a mirror port).
inline bool is_seen_again(const Trails& trails, const Trail& trail, const Sighting& seen) {
  const int passed = trail.hop_limit.value - seen.hop_limit.value;
  if (passed < 0 || trail.copies == 0) return false;
  const bool soon = seen.at - trail.touched < same_moment;
  const bool same_id = trails.has_ip_id(trail, seen.ip_id_or_flow_label);
  // All packets of a flow may have one flow label, and one ID where it is 0 (RFC 6864); a hop limit
  // that would not do to arrive is a tool's choice.
  if (seen.key.key.family == Family::ipv6 || seen.ip_id_or_flow_label == 0)
    return (soon && passed <= 1) || (same_id && passed > 1 && seen.hop_limit.value > longest_walk &&
                                     seen.at - trail.touched < longest_way);
  return same_id && (passed > 0 || soon);
}

/// This machine has passed it on, and shows both.
inline void note_passage(Trail& trail, const Sighting& seen) {
  if (trail.hop_limit.value == seen.hop_limit.value + 1) trail.passed_on = 1;
}

/// It has passed more than one router since: another machine captured it, and the two files were
/// merged.
inline bool is_far(const Trail& trail, const Sighting& seen) {
  return seen.hop_limit.value + 1 < trail.hop_limit.value;
}

/// Stacks number their packets: what bears the ID of another is that one, however late, where the
/// clocks of two machines do not agree.
inline bool is_same_numbered(const Trails& trails, const Trail& trail, const Sighting& seen) {
  return seen.key.key.family == Family::ipv4 && seen.ip_id_or_flow_label != 0 &&
         trail.hop_limit.value > longest_walk && trails.has_ip_id(trail, seen.ip_id_or_flow_label);
}

/// The same packet nearer to its sender, though later in the file: the clocks of the two machines
/// do not agree.
inline bool is_seen_nearer(const Trails& trails, const Trail& trail, const Sighting& seen) {
  if (trail.hop_limit.value + 1 >= seen.hop_limit.value) return false;
  return is_same_numbered(trails, trail, seen) ||
         (trail.hop_limit.value > longest_walk && seen.at - trail.touched < longest_way &&
          trails.has_ip_id(trail, seen.ip_id_or_flow_label));
}

/// The same packet before this machine passed it on: of several interfaces each is written when its
/// turn comes.
inline bool is_written_late(const Trails& trails, const Trail& trail, const Sighting& seen) {
  return trail.hop_limit.value + 1 == seen.hop_limit.value && is_same_numbered(trails, trail, seen);
}

/// Of a connection whose packets are seen more than once: passed on, or the same bytes at the same
/// moment.
inline bool is_repeated(const Trail& trail, const Sighting& seen) {
  if (seen.hop_limit.value + 1 == trail.hop_limit.value) return true;
  if (seen.hop_limit.value == trail.hop_limit.value + 1) return true;
  if (trail.apart && is_far(trail, seen)) return true;
  return seen.segment.payload > 0 && seen.at - trail.touched < same_moment &&
         seen.segment.sequence + seen.segment.payload == trail.number;
}

/// The same of its server.
[[nodiscard]] bool is_repeated_by_server(const Trails& trails, const Trail& trail,
                                         const Sighting& seen);

/// From its first SYN or its last packet: of several interfaces each is written when its turn
/// comes, and then it has gone on since.
inline Duration apart_from(const Trail& trail, const Sighting& seen) {
  return std::min(std::chrono::abs(seen.at - trail.at), std::chrono::abs(seen.at - trail.touched));
}

/// The SYN of a stack, which chooses each number anew, passed on by a machine that translates
/// addresses, of whichever end. A tool may give all its SYNs one number: of those only the sender
/// may be another.
inline bool is_translated(const Trails& trails, const Trail& trail, const Sighting& seen) {
  const bool same_host = trail.flow().destination() == seen.key.destination();
  const bool soon = apart_from(trail, seen) < same_moment;
  if (is_same_numbered(trails, trail, seen) && same_host) return trail.by_stack || soon;
  const auto id = seen.ip_id_or_flow_label;
  return soon && trail.by_stack && (id == 0 || trails.has_ip_id(trail, id));
}

/// The same on one flow, with another number: a firewall that chooses better ones than stacks do.
/// Who walks asks one flow again at once, with a hop limit of its choice; where no number tells
/// (IPv6, ID 0) only a router passed in between does.
inline bool is_renumbered(const Trails& trails, const Trail& trail, const Sighting& seen) {
  const int passed = trail.hop_limit.value - seen.hop_limit.value;
  if (!trail.by_stack || !seen.segment.options.sack_permitted) return false;
  if (passed < 0 || passed > 1 || seen.hop_limit.value <= longest_walk) return false;
  if (seen.at - trail.touched >= same_moment) return false;
  const bool numbered = seen.key.key.family == Family::ipv4 && seen.ip_id_or_flow_label != 0;
  if (numbered) return trails.has_ip_id(trail, seen.ip_id_or_flow_label);
  return passed == 1 && trail.copies == 1 && trail.answers == 0 && !trail.talking;
}

/// Of echo replies the numbers are those of the request.
inline bool same_numbers(const Answer& one, const Answer& other) {
  if (one.what.index() == 0 && other.what.index() == 0) return true;
  const auto *left = std::get_if<SeenSegment>(&one.what),
             *right = std::get_if<SeenSegment>(&other.what);
  if (left && right)
    return left->sequence == right->sequence && left->acknowledgment == right->acknowledgment;
  const auto *error = std::get_if<Rejection>(&one.what),
             *known = std::get_if<Rejection>(&other.what);
  return error && known && error->sender == known->sender &&
         error->ip_id_or_flow_label == known->ip_id_or_flow_label;
}

inline bool is_same_answer(const Answer& known, const Answer& answer) {
  return known.kind == answer.kind && known.ip_id_or_flow_label == answer.ip_id_or_flow_label &&
         same_numbers(known, answer);
}

inline bool is_answered_again(const Answer& known, const Answer& answer) {
  const int passed = known.hop_limit.value - answer.hop_limit.value;
  return (passed == 0 || passed == 1) && answer.at - known.at < same_moment &&
         is_same_answer(known, answer);
}

/// Of a question that was passed on; however late, where the clocks of two machines do not agree.
inline bool is_passed_on_later(const Answer& known, const Answer& answer) {
  return known.hop_limit.value == answer.hop_limit.value + 1 && is_same_answer(known, answer);
}

inline bool was_passed_on_before(const Answer& known, const Answer& answer) {
  return is_passed_on_later(answer, known);
}

/// The same before this machine passed it on: of several interfaces each is written when its turn
/// comes.
inline bool is_answered_before(const Answer& known, const Answer& answer) {
  return known.hop_limit.value + 1 == answer.hop_limit.value && answer.at <= known.at &&
         known.at - answer.at < same_moment && is_same_answer(known, answer);
}

/// What left the server, seen again where it reached the client: only that one is the client's.
inline bool is_arrival(const Answer& known, const Answer& answer) {
  return known.hop_limit.value > answer.hop_limit.value + 1 && is_same_answer(known, answer);
}

/// The same the other way round: its arrival stands earlier in the file.
inline bool has_arrived(const Trails& trails, const Trail& trail, const Answer& departure) {
  bool found = false;
  trails.each_answer(trail,
                     [&](const Answer& known) { found = found || is_arrival(departure, known); });
  return found;
}

}  // namespace hopblame::offline
