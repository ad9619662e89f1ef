#include "analysis/offline/answer.hpp"

namespace hopblame::offline {
namespace {

ReplyKind kind_of(const SeenSegment& segment) {
  if (segment.is_reset())
    return segment.has(tcp_flag::ack) ? ReplyKind::reset_ack : ReplyKind::reset;
  if (segment.is_syn_ack()) return ReplyKind::syn_ack;
  if (segment.has(tcp_flag::fin)) return ReplyKind::fin;
  return segment.payload > 0 ? ReplyKind::data : ReplyKind::other_segment;
}

Rejection rejection_of(const SeenError& error) {
  return {error.sender, error.mtu,       error.ip_id_or_flow_label, error.bytes, error.type,
          error.code,   error.hop_limit, error.traffic_class,       error.flags, error.has_flags};
}

template <class What>
Answer answer_of(const Sighting& seen, ReplyKind kind, const What& what) {
  return {seen.frame,
          seen.at,
          seen.ip_id_or_flow_label,
          kind,
          seen.hop_limit,
          seen.traffic_class,
          seen.dont_fragment,
          false,
          what};
}

}  // namespace

ReplyKind kind_of(const SeenError& error, Family family) {
  const std::uint8_t time_exceeded = family == Family::ipv4 ? 11 : 3;
  return error.type == time_exceeded && error.code == 0 ? ReplyKind::time_exceeded
                                                        : ReplyKind::icmp_error;
}

Answer answer_of_segment(const Sighting& seen) {
  return answer_of(seen, kind_of(seen.segment), seen.segment);
}

Answer answer_from_elsewhere(const Sighting& seen) {
  const Elsewhere sender{seen.key.from_low ? seen.key.key.low : seen.key.key.high,
                         seen.segment.flags};
  return answer_of(seen, ReplyKind::other_segment, sender);
}

Answer answer_of_error(const Sighting& seen) {
  return answer_of(seen, kind_of(seen.error, seen.key.key.family), rejection_of(seen.error));
}

Answer answer_to_server(const Sighting& seen) {
  auto answer = answer_of_error(seen);
  std::get<Rejection>(answer.what).of_server = true;
  return answer;
}

Answer answer_of_echo(const Sighting& seen) {
  return answer_of(seen, ReplyKind::echo_reply, std::monostate{});
}

bool answers(const SeenSegment& segment, const Trail& trail) {
  if (trail.kind == ProbeKind::ack) return segment.is_reset() && segment.sequence == trail.number;
  if (!segment.has(tcp_flag::ack)) return false;
  // A RST acknowledges the length of what it answers, where a FIN counts as one and no flag as 0.
  if (trail.kind == ProbeKind::fin)
    return segment.is_reset() && segment.acknowledgment - trail.sequence <= 1;
  const auto beyond = segment.acknowledgment - (trail.sequence + 1);
  // Data in the SYN is acknowledged with it, in part or not at all (RFC 7413 section 4.1).
  return beyond == 0 || (trail.number != 0 && beyond <= trail.number - (trail.sequence + 1));
}

}  // namespace hopblame::offline
