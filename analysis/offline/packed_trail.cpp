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

void pack(Packer& to, const SeenSegment& segment) {
  const auto& options = segment.options;
  to.whole(segment.sequence);
  to.whole(segment.acknowledgment);
  to.number(segment.payload);
  to.number(segment.window);
  to.number(segment.flags);
  to.number(segment.option_bytes);
  to.number(options.mss ? *options.mss + 1u : 0u);
  to.number((options.timestamps ? 1u : 0u) | (options.sack_permitted ? 2u : 0u) |
            (options.window_scale ? 4u : 0u));
}

void unpack(Unpacker& from, SeenSegment& segment) {
  from.whole(segment.sequence);
  from.whole(segment.acknowledgment);
  from.number(segment.payload);
  from.number(segment.window);
  from.number(segment.flags);
  from.number(segment.option_bytes);
  if (const auto mss = from.number()) segment.options.mss = static_cast<std::uint16_t>(mss - 1);
  const auto options = from.number();
  segment.options.timestamps = (options & 1) != 0;
  segment.options.sack_permitted = (options & 2) != 0;
  segment.options.window_scale = (options & 4) != 0;
}

void pack(Packer& to, const Rejection& error, Family family) {
  to.bytes(reinterpret_cast<const char*>(error.sender.data()), family == Family::ipv4 ? 4 : 16);
  to.number(error.mtu);
  to.number(error.ip_id_or_flow_label);
  to.number(error.bytes);
  for (const auto byte :
       {error.type, error.code, error.hop_limit, error.traffic_class, error.flags})
    to.whole(byte);
  to.whole(error.has_flags);
}

void unpack(Unpacker& from, Rejection& error, Family family) {
  std::ranges::copy(from.bytes(family == Family::ipv4 ? 4 : 16), error.sender.begin());
  from.number(error.mtu);
  from.number(error.ip_id_or_flow_label);
  from.number(error.bytes);
  for (auto* byte :
       {&error.type, &error.code, &error.hop_limit, &error.traffic_class, &error.flags})
    from.whole(*byte);
  from.whole(error.has_flags);
}

void pack(Packer& to, const Answer& answer, const Trail& trail) {
  to.distance(apart(answer.frame, trail.frame));
  to.distance(apart(answer.at, trail.at));
  to.number(answer.ip_id_or_flow_label);
  to.whole(answer.kind);
  to.whole(answer.hop_limit);
  to.whole(answer.traffic_class);
  to.whole(answer.dont_fragment);
  to.number(answer.what.index());
  if (const auto* segment = std::get_if<SeenSegment>(&answer.what)) pack(to, *segment);
  if (const auto* error = std::get_if<Rejection>(&answer.what)) pack(to, *error, trail.key.family);
}

Answer answer_from(Unpacker& from, const Trail& trail) {
  Answer answer;
  answer.frame = after(trail.frame, from.distance());
  answer.at = after(trail.at, from.distance());
  from.number(answer.ip_id_or_flow_label);
  from.whole(answer.kind);
  from.whole(answer.hop_limit);
  from.whole(answer.traffic_class);
  from.whole(answer.dont_fragment);
  const auto what = from.number();
  if (what == 1) unpack(from, answer.what.emplace<SeenSegment>());
  if (what == 2) unpack(from, answer.what.emplace<Rejection>(), trail.key.family);
  return answer;
}

bool was_connected(const Trail& trail) { return trail.talking && !trail.joined; }

bool has_rest(const Trail& trail) {
  return trail.rest != nothing && (was_connected(trail) || trail.spoke || trail.client_closed ||
                                   trail.closed || trail.own_reset);
}

/// Only what the trail says is there.
void pack(Packer& to, const Rest& rest, const Trail& trail) {
  if (was_connected(trail)) to.distance(apart(rest.connected, trail.at));
  if (trail.spoke) {
    to.distance(apart(rest.spoke, trail.at));
    to.number(rest.greeting_size);
    to.bytes(rest.greeting.data(), rest.greeting_size);
  }
  if (trail.client_closed) to.distance(apart(rest.client_closed, trail.at));
  if (trail.closed) {
    to.distance(apart(rest.closed, trail.at));
    to.distance(apart(rest.end, trail.frame));
    to.whole(rest.end_hop_limit);
  }
  if (trail.own_reset) to.distance(apart(rest.own_reset, trail.frame));
}

void unpack(Unpacker& from, Rest& rest, const Trail& trail) {
  if (was_connected(trail)) rest.connected = after(trail.at, from.distance());
  if (trail.spoke) {
    rest.spoke = after(trail.at, from.distance());
    from.number(rest.greeting_size);
    std::ranges::copy(from.bytes(rest.greeting_size), rest.greeting.begin());
  }
  if (trail.client_closed) rest.client_closed = after(trail.at, from.distance());
  if (trail.closed) {
    rest.closed = after(trail.at, from.distance());
    rest.end = after(trail.frame, from.distance());
    from.whole(rest.end_hop_limit);
  }
  if (trail.own_reset) rest.own_reset = after(trail.frame, from.distance());
}

}  // namespace

void pack(Packer& to, const Trails& trails, const Trail& trail, const Ends& ends) {
  const auto flow = trail.flow().flow();
  const bool other = flow.source.address.bytes != ends.client;
  to.whole(static_cast<std::uint16_t>(flags_of(trail) | (other ? other_client : 0)));
  if (other) to.whole(flow.source.address.bytes);
  to.whole(flow.source.port);
  to.whole(flow.destination.port);
  to.whole(flow.transport);
  to.whole(trail.traffic_class);
  to.number(trail.unacknowledged);
  to.whole(trail.at);
  to.number(trail.frame.value);
  to.whole(trail.sequence);
  to.number(trail.number);
  to.number(trail.copies);
  if (trail.copies > 1)
    for (const auto frame : trails.frames(trail)) to.distance(apart(frame, trail.frame));
  to.number(trail.answers);
  trails.each_answer(trail, [&](const Answer& answer) { pack(to, answer, trail); });
  to.whole(has_rest(trail));
  if (has_rest(trail)) pack(to, trails.rest_of(trail), trail);
}

TrailId unpack(Unpacker& from, Trails& trails, const Ends& ends) {
  const auto id = trails.take();
  auto& trail = trails[id];
  std::uint16_t flags = 0;
  from.whole(flags);
  set_flags(trail, flags);
  Flow flow{Transport::tcp, {{ends.family, ends.client}, 0}, {{ends.family, ends.server}, 0}};
  if ((flags & other_client) != 0) from.whole(flow.source.address.bytes);
  from.whole(flow.source.port);
  from.whole(flow.destination.port);
  from.whole(flow.transport);
  const auto key = key_of(flow);
  trail.key = key.key;
  trail.from_low = key.from_low;
  from.whole(trail.traffic_class);
  from.number(trail.unacknowledged);
  from.whole(trail.at);
  from.number(trail.frame.value);
  from.whole(trail.sequence);
  from.number(trail.number);
  const auto copies = from.number();
  if (copies == 1) trails.add_copy(trail, trail.frame);
  for (auto left = copies; copies > 1 && left > 0; --left)
    trails.add_copy(trail, after(trail.frame, from.distance()));
  for (auto left = from.number(); left > 0; --left)
    trails.add_answer(trail, answer_from(from, trail));
  bool more = false;
  from.whole(more);
  if (more) unpack(from, trails.rest_of(trail), trail);
  return id;
}

}  // namespace hopblame::offline
