#include "analysis/offline/attempt.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

constexpr unsigned clearly_beyond = 8;  ///< hops; routers in a row that say nothing are common

TcpSegment segment_of(const SeenSegment& seen) {
  TcpSegment segment;
  segment.sequence = seen.sequence;
  segment.acknowledgment = seen.acknowledgment;
  segment.flags = seen.flags;
  segment.window = seen.window;
  segment.payload = seen.payload;
  segment.option_bytes = seen.option_bytes;
  segment.mss = seen.options.mss;
  segment.timestamps = seen.options.timestamps;
  segment.sack_permitted = seen.options.sack_permitted;
  segment.window_scale = seen.options.window_scale;
  segment.joins_another = seen.options.joins_another;
  return segment;
}

IcmpError error_of(const Rejection& seen, const Trail& trail, const Flow& flow) {
  Quote quote;
  quote.flow = flow;
  if (seen.of_server) quote.flow = flow.reversed();
  quote.tcp_sequence = trail.sequence;
  if (seen.has_flags) quote.tcp_flags = seen.flags;
  quote.hop_limit = {seen.hop_limit};
  quote.traffic_class = seen.traffic_class;
  quote.ip_id_or_flow_label = seen.ip_id_or_flow_label;
  quote.bytes = seen.bytes;
  return {seen.type, seen.code, quote, seen.mtu ? std::optional(seen.mtu) : std::nullopt};
}

Reply reply_of(const Answer& answer, const Trail& trail, const Flow& flow) {
  Reply reply;
  reply.frame = answer.frame;
  reply.at = answer.at;
  reply.kind = answer.kind;
  reply.from = flow.destination.address;
  reply.hop_limit = answer.hop_limit;
  reply.traffic_class = answer.traffic_class;
  reply.ip_id_or_flow_label = answer.ip_id_or_flow_label;
  reply.dont_fragment = answer.dont_fragment;
  if (const auto* segment = std::get_if<SeenSegment>(&answer.what))
    reply.segment = segment_of(*segment);
  if (const auto* error = std::get_if<Rejection>(&answer.what)) {
    reply.icmp = error_of(*error, trail, flow);
    reply.from = {flow.source.address.family, error->sender};
  }
  if (const auto* other = std::get_if<Elsewhere>(&answer.what)) {
    reply.segment.emplace().flags = other->flags;
    reply.segment->acknowledgment = trail.sequence + 1;
    reply.from = {flow.source.address.family, other->sender};
  }
  return reply;
}

ProbeSpec spec_of(const Trail& trail) {
  ProbeSpec spec;
  spec.flow = trail.flow().flow();
  spec.question.kind = trail.kind;
  spec.question.hop_limit = trail.hop_limit;
  spec.traffic_class = trail.traffic_class;
  if (trail.kind == ProbeKind::echo) {
    spec.question.aim = Aim::none;
    spec.echo_identifier = static_cast<std::uint16_t>(trail.sequence >> 16);
    spec.echo_sequence = static_cast<std::uint16_t>(trail.sequence);
  } else if (trail.kind == ProbeKind::udp) {
    spec.question.aim = Aim::none;
  } else {
    spec.sequence = trail.sequence;
    if (trail.kind == ProbeKind::ack) spec.acknowledgment = trail.number;
  }
  return spec;
}

/// What came after a RST no program reads.
bool comes_after_reset(const Trail& trail, const Rest& rest) {
  return trail.outlived && rest.spoke > rest.closed;
}

Talk talk_of(const Trails& trails, const Trail& trail) {
  Talk talk;
  if (trail.rest == nothing) return talk;
  const auto& rest = trails.rest_of(trail);
  if (trail.talking && !trail.joined) talk.connected = rest.connected;
  const bool heard = trail.spoke && !trail.missed && !comes_after_reset(trail, rest);
  if (heard) talk.spoke = rest.spoke;
  if (rest.asked != 0) {
    talk.asked = trails.asked_at(trail);
    talk.to_proxy = rest.to_proxy != 0;
    talk.asked_with = {trail.frame.value + rest.asked_after};
  }
  const bool disowned = trail.has_disowned();
  if (trail.client_closed && !disowned) talk.client_closed = rest.client_closed;
  if (trail.closed) talk.closed = rest.closed;
  if (trail.closed)
    talk.end =
        Ending{rest.end, rest.end_hop_limit, trail.reset, disowned, {}, {}, {}, trail.was_idle};
  if (trail.closed && trail.reset) talk.end->said_limit.value = trail.said_limit & 0xff;
  const bool by_server = trail.closed && trail.reset && !disowned && !trail.own_reset;
  if (by_server && trail.outlived)
    talk.end->outlived = Outlived{rest.witness, trail.taken_in};
  else if (by_server && rest.witness != FrameId{})
    talk.end->raced = rest.witness;
  if (disowned && !trail.own_reset && rest.witness != FrameId{}) talk.end->belied_by = rest.witness;
  if (heard && !trail.gapped) talk.greeting = trails.greeting(trail);
  return talk;
}

bool passes_answers_on(const Attempt& attempt) {
  const auto& replies = attempt.exchange.replies;
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (is_passed_on(attempt, i) && replies[i].kind == ReplyKind::syn_ack) return attempt.passed_on;
  return false;
}

/// Beside a SYN/ACK that was passed on.
bool is_shown_once(const Attempt& attempt, const Ending& end) {
  const auto& replies = attempt.exchange.replies;
  bool is_known = false, passes = false;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const bool passed = is_passed_on(attempt, i), ends = replies[i].frame == end.frame;
    is_known = is_known || ends;
    passes = passes || (ends && passed);
  }
  return end.reset && passes_answers_on(attempt) && is_known && !passes;
}

}  // namespace

Attempt unfolded(const Trails& trails, const Trail& trail) {
  Attempt attempt;
  auto& exchange = attempt.exchange;
  exchange.spec = spec_of(trail);
  exchange.at = trail.at;
  exchange.left = trails.frames(trail);
  trails.each_answer(trail, [&](const Answer& answer) {
    if (answer.passed_on)
      attempt.answers_passed_on |= static_cast<std::uint8_t>(1u << exchange.replies.size());
    exchange.replies.push_back(reply_of(answer, trail, exchange.spec.flow));
  });
  attempt.passed_on = trail.passed_on;
  attempt.touched = trail.touched;
  attempt.talk = talk_of(trails, trail);
  if (auto& end = attempt.talk.end) {
    end->shown_once = is_shown_once(attempt, *end);
    end->passed = passes_answers_on(attempt) ? 1 : 0;
  }
  if (trail.own_reset) exchange.own_reset = trails.rest_of(trail).witness;
  attempt.unacknowledged = trail.unacknowledged;
  attempt.said_in_vain = trail.said_in_vain;
  attempt.heard = trail.heard;
  attempt.gave_up = trail.gave_up;
  attempt.shut = trail.shut;
  if (trail.rest != nothing && trail.is_stuck()) {
    attempt.stuck_since = trails.rest_of(trail).stuck_since;
    attempt.stuck_frame = trails.rest_of(trail).stuck_frame;
    attempt.large_in_vain = trails.rest_of(trail).large_in_vain != 0;
  }
  if (trail.paused) attempt.pause = std::chrono::seconds(trails.rest_of(trail).pause);
  attempt.gapped = trail.missed;
  attempt.lacks = trail.lacks;
  attempt.twice = trail.twice;
  attempt.apart = trail.apart;
  attempt.by_stack = trail.by_stack;
  attempt.asks_ecn = trail.asks_ecn;
  attempt.fell_back = trail.fell_back;
  attempt.joined = trail.joined;
  attempt.unseen = trail.unseen();
  if (trail.outcome) attempt.outcome = *trail.outcome;
  return attempt;
}

Exchange as_passed_on(const Attempt& attempt) {
  auto exchange = attempt.exchange;
  // Else the question is the one that was seen behind the machine: the way there counts from there.
  if (!attempt.passed_on) return exchange;
  for (std::size_t i = 0; i < exchange.replies.size(); ++i)
    if (is_passed_on(attempt, i)) --exchange.replies[i].hop_limit.value;
  return exchange;
}

const Reply* first_of(const Attempt& attempt, ReplyKind kind) {
  const auto& replies = attempt.exchange.replies;
  const auto found = std::ranges::find(replies, kind, &Reply::kind);
  return found == replies.end() ? nullptr : &*found;
}

unsigned enough_hops(const std::vector<Attempt>& sample) {
  unsigned last = 0;
  for (const auto& attempt : sample) {
    const auto& exchange = attempt.exchange;
    const bool passed = std::ranges::any_of(exchange.replies, [](const Reply& reply) {
      return reply.kind == ReplyKind::time_exceeded;
    });
    if (is_limited(attempt) && passed)
      last = std::max<unsigned>(last, exchange.spec.question.hop_limit.value);
  }
  return last + clearly_beyond;
}

}  // namespace hopblame::offline
