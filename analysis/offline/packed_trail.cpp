#include "analysis/offline/packed_trail.hpp"

namespace hopblame::offline {
namespace {

/// What is known of it beside its numbers, a bit for each.
enum : std::uint16_t {
  joined = 1,
  answer_unseen = 2,
  own_reset = 4,
  talking = 8,
  by_stack = 16,
  spoke = 32,
  client_closed = 64,
  closed = 128,
  reset = 256,
  other_client = 512,  ///< than the others on this list
  has_rest = 1024,
};

struct Head {
  TimePoint at;
  FrameId frame;
  std::uint32_t sequence = 0, number = 0;
  std::uint16_t flags = 0, client_port = 0, server_port = 0;
  Transport transport = Transport::tcp;
  std::uint8_t traffic_class = 0, unacknowledged = 0, copies = 0, answers = 0;
  std::uint8_t said_in_vain = 0, shut = 0;
};

struct Seen {
  std::uint32_t ip_id_or_flow_label = 0;
  ReplyKind kind = ReplyKind::other_segment;
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;
  bool dont_fragment = false;
  std::uint8_t what = 0;  ///< index of the variant
};

std::uint16_t flags_of(const Trail& trail) {
  unsigned flags = 0;
  const auto set = [&](bool holds, unsigned flag) { flags |= holds ? flag : 0; };
  set(trail.joined, joined);
  set(trail.answer_unseen, answer_unseen);
  set(trail.own_reset, own_reset);
  set(trail.talking, talking);
  set(trail.by_stack, by_stack);
  set(trail.spoke, spoke);
  set(trail.client_closed, client_closed);
  set(trail.closed, closed);
  set(trail.reset, reset);
  return static_cast<std::uint16_t>(flags);
}

void set_flags(Trail& trail, std::uint16_t flags) {
  trail.joined = (flags & joined) != 0;
  trail.answer_unseen = (flags & answer_unseen) != 0;
  trail.own_reset = (flags & own_reset) != 0;
  trail.talking = (flags & talking) != 0;
  trail.by_stack = (flags & by_stack) != 0;
  trail.spoke = (flags & spoke) != 0;
  trail.client_closed = (flags & client_closed) != 0;
  trail.closed = (flags & closed) != 0;
  trail.reset = (flags & reset) != 0;
}

std::int64_t apart(TimePoint later, TimePoint at) { return (later - at).count(); }
std::int64_t apart(FrameId later, FrameId frame) {
  return static_cast<std::int64_t>(later.value - frame.value);
}
TimePoint after(TimePoint at, std::int64_t distance) { return at + Duration(distance); }
FrameId after(FrameId frame, std::int64_t distance) {
  return {frame.value + static_cast<std::uint64_t>(distance)};
}

void pack(Packer& to, const Answer& answer, const Trail& trail) {
  to.distance(apart(answer.frame, trail.frame));
  to.distance(apart(answer.at, trail.at));
  to.whole(Seen{answer.ip_id_or_flow_label, answer.kind, answer.hop_limit, answer.traffic_class,
                answer.dont_fragment, static_cast<std::uint8_t>(answer.what.index())});
  if (const auto* segment = std::get_if<SeenSegment>(&answer.what)) to.whole(*segment);
  if (const auto* error = std::get_if<Rejection>(&answer.what)) to.whole(*error);
}

Answer answer_from(Unpacker& from, const Trail& trail) {
  Answer answer;
  answer.frame = after(trail.frame, from.distance());
  answer.at = after(trail.at, from.distance());
  Seen seen;
  from.whole(seen);
  answer.ip_id_or_flow_label = seen.ip_id_or_flow_label;
  answer.kind = seen.kind;
  answer.hop_limit = seen.hop_limit;
  answer.traffic_class = seen.traffic_class;
  answer.dont_fragment = seen.dont_fragment;
  if (seen.what == 1) from.whole(answer.what.emplace<SeenSegment>());
  if (seen.what == 2) from.whole(answer.what.emplace<Rejection>());
  return answer;
}

bool has_repeated(const Trail& trail) { return trail.unacknowledged + trail.said_in_vain > 0; }

bool was_connected(const Trail& trail) { return trail.talking && !trail.joined; }

bool says_more(const Trail& trail) {
  return trail.rest != nothing && (was_connected(trail) || trail.spoke || trail.client_closed ||
                                   trail.closed || trail.own_reset || has_repeated(trail));
}

/// Only what the trail says is there.
void pack(Packer& to, const Rest& rest, const Trail& trail) {
  if (was_connected(trail)) to.distance(apart(rest.connected, trail.at));
  if (trail.spoke) {
    to.distance(apart(rest.spoke, trail.at));
    to.whole(rest.greeting_size);
    to.bytes(rest.greeting.data(), rest.greeting_size);
  }
  if (trail.client_closed) to.distance(apart(rest.client_closed, trail.at));
  if (trail.closed) {
    to.distance(apart(rest.closed, trail.at));
    to.distance(apart(rest.end, trail.frame));
    to.whole(rest.end_hop_limit);
  }
  if (trail.own_reset) to.distance(apart(rest.own_reset, trail.frame));
  if (has_repeated(trail)) to.distance(apart(rest.stuck_since, trail.at));
}

void unpack(Unpacker& from, Rest& rest, const Trail& trail) {
  if (was_connected(trail)) rest.connected = after(trail.at, from.distance());
  if (trail.spoke) {
    rest.spoke = after(trail.at, from.distance());
    from.whole(rest.greeting_size);
    std::ranges::copy(from.bytes(rest.greeting_size), rest.greeting.begin());
  }
  if (trail.client_closed) rest.client_closed = after(trail.at, from.distance());
  if (trail.closed) {
    rest.closed = after(trail.at, from.distance());
    rest.end = after(trail.frame, from.distance());
    from.whole(rest.end_hop_limit);
  }
  if (trail.own_reset) rest.own_reset = after(trail.frame, from.distance());
  if (has_repeated(trail)) rest.stuck_since = after(trail.at, from.distance());
}

}  // namespace

void pack(Packer& to, const Trails& trails, const Trail& trail, const Ends& ends) {
  const bool other = trail.client() != ends.client, more = says_more(trail);
  const auto flags = flags_of(trail) | (other ? other_client : 0) | (more ? has_rest : 0);
  to.whole(Head{trail.at, trail.frame, trail.sequence, trail.number,
                static_cast<std::uint16_t>(flags),
                trail.from_low ? trail.key.low_port : trail.key.high_port, trail.server_port(),
                trail.key.transport, trail.traffic_class, trail.unacknowledged, trail.copies,
                trail.answers, trail.said_in_vain, trail.shut});
  if (other) to.whole(trail.client());
  if (trail.copies > 1)
    for (const auto frame : trails.frames(trail)) to.distance(apart(frame, trail.frame));
  trails.each_answer(trail, [&](const Answer& answer) { pack(to, answer, trail); });
  if (more) pack(to, trails.rest_of(trail), trail);
}

TrailId unpack(Unpacker& from, Trails& trails, const Ends& ends) {
  const auto id = trails.take();
  auto& trail = trails[id];
  Head head;
  from.whole(head);
  Flow flow{head.transport,
            {{ends.family, ends.client}, head.client_port},
            {{ends.family, ends.server}, head.server_port}};
  if ((head.flags & other_client) != 0) from.whole(flow.source.address.bytes);
  const auto key = key_of(flow);
  trail.key = key.key;
  trail.from_low = key.from_low;
  set_flags(trail, head.flags);
  trail.at = head.at;
  trail.frame = head.frame;
  trail.sequence = head.sequence;
  trail.number = head.number;
  trail.traffic_class = head.traffic_class;
  trail.unacknowledged = head.unacknowledged;
  trail.said_in_vain = head.said_in_vain;
  trail.shut = head.shut;
  if (head.copies == 1) trails.add_copy(trail, trail.frame);
  for (unsigned left = head.copies; head.copies > 1 && left > 0; --left)
    trails.add_copy(trail, after(trail.frame, from.distance()));
  for (unsigned left = head.answers; left > 0; --left)
    trails.add_answer(trail, answer_from(from, trail));
  if ((head.flags & has_rest) != 0) unpack(from, trails.rest_of(trail), trail);
  return id;
}

}  // namespace hopblame::offline
