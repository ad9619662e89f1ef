#include "analysis/offline/packed_trail.hpp"

#include "analysis/offline/packed_answer.hpp"

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
  has_counts = 2048,
  two_places = 4096,
  seen_twice = 8192,
  gapped = 16384,
  missed = 32768,
};

struct Head {
  TimePoint at;
  FrameId frame;
  std::uint32_t sequence = 0;
  std::uint16_t flags = 0, client_port = 0, server_port = 0;
  Transport transport = Transport::tcp;
  std::uint8_t traffic_class = 0, copies = 0, answers = 0;
};

/// Mostly all 0.
struct Counts {
  std::uint32_t number = 0;
  std::uint8_t unacknowledged = 0, said_in_vain = 0, shut = 0;
  std::uint8_t more = 0;  ///< a bit each, see more_of()
  bool operator==(const Counts&) const = default;
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
  set(trail.apart, two_places);
  set(trail.twice, seen_twice);
  set(trail.gapped, gapped);
  set(trail.missed, missed);
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
  trail.apart = (flags & two_places) != 0;
  trail.twice = (flags & seen_twice) != 0;
  trail.gapped = (flags & gapped) != 0;
  trail.missed = (flags & missed) != 0;
}

/// Seldom asked for.
unsigned ecn_of(const Trail& trail) {
  if (!trail.asks_ecn) [[likely]]
    return 0;
  return 1u << 4 | (trail.fell_back ? 1u << 5 : 0u);
}

std::uint8_t more_of(const Trail& trail) {
  const auto bit = [](auto set, unsigned place) { return (set ? 1u : 0u) << place; };
  return static_cast<std::uint8_t>(bit(trail.heard, 0) | bit(trail.gave_up, 1) |
                                   bit(trail.outlived, 2) | bit(trail.taken_in, 3) | ecn_of(trail) |
                                   bit(trail.lacks, 6) | bit(trail.passed_on, 7));
}

void set_more(Trail& trail, std::uint8_t more) {
  trail.heard = (more & 1) != 0;
  trail.gave_up = more >> 1 & 1;
  trail.outlived = (more & 4) != 0;
  trail.taken_in = (more & 8) != 0;
  trail.asks_ecn = more >> 4 & 1;
  trail.fell_back = more >> 5 & 1;
  trail.lacks = (more & 64) != 0;
  trail.passed_on = (more & 128) != 0 ? 1 : 0;
}

/// When it was touched last is asked of those that were asked again, or lived.
bool lasted(const Trail& trail) { return trail.copies > 1 || trail.talking; }

bool was_connected(const Trail& trail) { return trail.talking && !trail.joined; }

bool may_have_asked(const Trail& trail) { return was_connected(trail) && trail.number != 0; }

bool has_witness(const Trail& trail) {
  return trail.own_reset || trail.has_disowned() || (trail.closed && trail.reset);
}

bool says_more(const Trail& trail) {
  return trail.rest != nothing && (was_connected(trail) || trail.spoke || trail.client_closed ||
                                   trail.closed || trail.own_reset || trail.is_stuck());
}

/// Of what still waits for an answer, or got a RST.
bool has_pause(const Trail& trail) { return trail.is_stuck() || (trail.closed && trail.reset); }

std::int64_t pause_of(const Trail& trail, const Rest& rest) {
  const std::int64_t pause = trail.paused ? rest.pause : 0;
  return pause * 2 + (trail.is_stuck() ? rest.large_in_vain : 0);
}

void set_asked(Rest& rest, std::int64_t packed) {
  rest.asked_after = static_cast<std::uint32_t>(packed >> 1) & ((1u << 31) - 1);
  rest.to_proxy = packed & 1;
}

void set_pause(Trail& trail, Rest& rest, std::int64_t packed) {
  rest.large_in_vain = packed & 1;
  rest.pause = static_cast<std::uint32_t>(packed >> 1) & ((1u << 30) - 1);
  trail.paused = rest.pause != 0 ? 1 : 0;
}

/// Only what the trail says is there.
void pack(Packer& to, const Rest& rest, const Trail& trail) {
  if (was_connected(trail)) to.whole(rest.connected);
  if (may_have_asked(trail)) {
    to.whole(rest.asked);
    if (rest.asked != 0) to.distance(std::int64_t{rest.asked_after} * 2 + rest.to_proxy);
  }
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
    to.whole(static_cast<std::uint8_t>(trail.said_limit));
    if (trail.reset) to.whole(static_cast<std::uint8_t>(trail.was_idle));
  }
  if (has_witness(trail)) to.distance(apart(rest.witness, trail.frame));
  if (trail.is_stuck()) {
    to.distance(apart(rest.stuck_since, trail.at));
    to.distance(apart(rest.stuck_frame, trail.frame));
  }
  if (has_pause(trail)) to.distance(pause_of(trail, rest));
}

void unpack(Unpacker& from, Rest& rest, Trail& trail) {
  if (was_connected(trail)) from.whole(rest.connected);
  if (may_have_asked(trail)) {
    from.whole(rest.asked);
    if (rest.asked != 0) set_asked(rest, from.distance());
  }
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
    std::uint8_t limit = 0;
    from.whole(limit);
    trail.said_limit = limit;
    std::uint8_t idle = 0;
    if (trail.reset) from.whole(idle);
    trail.was_idle = idle != 0;
  }
  if (has_witness(trail)) rest.witness = after(trail.frame, from.distance());
  if (trail.is_stuck()) {
    rest.stuck_since = after(trail.at, from.distance());
    rest.stuck_frame = after(trail.frame, from.distance());
  }
  if (has_pause(trail)) set_pause(trail, rest, from.distance());
}

}  // namespace

void pack(Packer& to, const Trails& trails, const Trail& trail, const Ends& ends) {
  const bool other = trail.client() != ends.client, more = says_more(trail);
  const Counts counts{trail.number, trail.unacknowledged, trail.said_in_vain, trail.shut,
                      more_of(trail)};
  const auto flags = flags_of(trail) | (other ? other_client : 0) | (more ? has_rest : 0) |
                     (counts == Counts{} ? 0 : has_counts);
  to.whole(Head{trail.at, trail.frame, trail.sequence, static_cast<std::uint16_t>(flags),
                trail.from_low ? trail.key.low_port : trail.key.high_port, trail.server_port(),
                trail.key.transport, trail.traffic_class, trail.copies, trail.answers});
  if (lasted(trail)) to.whole(trail.touched);
  if ((flags & has_counts) != 0) to.whole(counts);
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
  const bool lasts = head.copies > 1 || (head.flags & talking) != 0;
  auto touched = head.at;
  if (lasts) from.whole(touched);
  Counts counts;
  if ((head.flags & has_counts) != 0) from.whole(counts);
  if ((head.flags & other_client) != 0) from.whole(flow.source.address.bytes);
  const auto key = key_of(flow);
  trail.key = key.key;
  trail.from_low = key.from_low;
  set_flags(trail, head.flags);
  trail.at = head.at;
  trail.touched = touched;
  trail.frame = head.frame;
  trail.sequence = head.sequence;
  trail.traffic_class = head.traffic_class;
  trail.number = counts.number;
  trail.unacknowledged = counts.unacknowledged;
  trail.said_in_vain = counts.said_in_vain;
  trail.shut = counts.shut & 127;
  set_more(trail, counts.more);
  if (head.copies == 1) trails.add_copy(trail, trail.frame);
  for (unsigned left = head.copies; head.copies > 1 && left > 0; --left)
    trails.add_copy(trail, after(trail.frame, from.distance()));
  for (unsigned left = head.answers; left > 0; --left)
    trails.add_answer(trail, answer_from(from, trail));
  if ((head.flags & has_rest) != 0) unpack(from, trails.rest_of(trail), trail);
  return id;
}

}  // namespace hopblame::offline
