#include "analysis/correlate/answers.hpp"

#include "analysis/model/tcp_limits.hpp"

namespace hopblame {
namespace {

/// SYN and FIN take a number each beside the data, and the last one sent may be acknowledged.
std::uint32_t own_numbers(const Exchange& exchange) { return 3 + exchange.said; }

/// The number after a segment: SYN and FIN count as one byte (RFC 9293 section 3.4).
std::uint32_t end_of(const TcpSegment& segment) {
  return segment.sequence + segment.payload + (segment.has(tcp_flag::syn) ? 1u : 0u) +
         (segment.has(tcp_flag::fin) ? 1u : 0u);
}

/// A bare RST carries one number, and stacks take only the very next one (RFC 5961 section 3.2).
/// Anything else must acknowledge what we sent as well: a window alone is guessed too easily.
bool belongs_to_conversation(const TcpSegment& segment, const Exchange& exchange) {
  const bool acknowledges = segment.acknowledgment - exchange.spec.sequence < own_numbers(exchange);
  if (segment.has(tcp_flag::ack) && !acknowledges) return false;
  for (const auto& reply : exchange.replies) {
    if (!reply.segment) continue;
    if (!segment.has(tcp_flag::ack) && segment.sequence == end_of(*reply.segment)) return true;
    // The peer's segments of an established connection lie in the window after its SYN/ACK.
    if (segment.has(tcp_flag::ack) && reply.kind == ReplyKind::syn_ack &&
        segment.sequence - reply.segment->sequence < largest_window)
      return true;
  }
  return false;
}

/// What a stack sends on its connection after the SYN; its RST to a stranger's SYN/ACK bears the
/// same number, and answers that.
bool is_later_segment(const Quote& quote, const Exchange& exchange) {
  const auto distance = *quote.tcp_sequence - exchange.spec.sequence;
  const bool resets = (quote.tcp_flags.value_or(0) & tcp_flag::rst) != 0;
  return exchange.origin == Origin::kernel && distance > 0 && distance < own_numbers(exchange) &&
         !resets && quote.flow.destination == exchange.spec.flow.destination;
}

bool same_ends(const Flow& quoted, const Flow& sent) {
  if (quoted == sent) return true;
  // Section 12.12 of the measured signatures: NATs rewrite quotes. One end must be untouched.
  return quoted.transport == sent.transport &&
         (quoted.destination == sent.destination || quoted.source == sent.source);
}

}  // namespace

bool answers(const TcpSegment& segment, const Exchange& exchange) {
  const auto& spec = exchange.spec;
  if (exchange.origin == Origin::kernel && belongs_to_conversation(segment, exchange)) return true;
  if (spec.question.kind == ProbeKind::ack) {
    return segment.is_reset() && segment.sequence == spec.acknowledgment;
  }
  // Stacks that descend from 4.3BSD (libslirp, pasta) do not count the FIN.
  if (spec.question.kind == ProbeKind::fin && segment.is_reset() &&
      segment.acknowledgment == spec.sequence)
    return segment.has(tcp_flag::ack);
  return segment.has(tcp_flag::ack) && segment.acknowledgment == spec.sequence + 1;
}

bool is_answer_of_another(const Flow& flow, const TcpSegment& segment, const Exchange& exchange) {
  const auto& asked = exchange.spec.flow;
  const bool answers = segment.is_syn_ack() || (segment.is_reset() && segment.has(tcp_flag::ack));
  return answers && exchange.sent() && exchange.spec.question.kind == ProbeKind::syn &&
         flow.transport == asked.transport && flow.destination == asked.source &&
         flow.source != asked.destination && segment.acknowledgment == exchange.spec.sequence + 1;
}

bool quotes(const Quote& quote, const Exchange& exchange) {
  const auto& spec = exchange.spec;
  switch (spec.question.kind) {
    case ProbeKind::echo:
      return quote.flow.destination.address == spec.flow.destination.address &&
             quote.echo_identifier == spec.echo_identifier &&
             quote.echo_sequence == spec.echo_sequence;
    case ProbeKind::udp: return false;  // the correlator knows the checksum, see udp_exchange()
    default:
      if (!quote.tcp_sequence) return false;
      return is_later_segment(quote, exchange) ||
             (*quote.tcp_sequence == spec.sequence && same_ends(quote.flow, spec.flow));
  }
}

bool quotes_own_reset(const Quote& quote, const Exchange& exchange) {
  return exchange.own_reset && same_ends(quote.flow, exchange.spec.flow) &&
         quote.tcp_sequence == exchange.spec.sequence + 1;
}

ReplyKind kind_of(const TcpSegment& segment) {
  if (segment.is_reset())
    return segment.has(tcp_flag::ack) ? ReplyKind::reset_ack : ReplyKind::reset;
  if (segment.is_syn_ack()) return ReplyKind::syn_ack;
  if (segment.has(tcp_flag::fin)) return ReplyKind::fin;
  return segment.payload > 0 ? ReplyKind::data : ReplyKind::other_segment;
}

ReplyKind kind_of(const IcmpError& error, Family family) {
  const std::uint8_t time_exceeded = family == Family::ipv4 ? 11 : 3;
  return error.type == time_exceeded && error.code == 0 ? ReplyKind::time_exceeded
                                                        : ReplyKind::icmp_error;
}

}  // namespace hopblame
