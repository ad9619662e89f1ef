#pragma once
// One connection attempt, or one probe, of a capture that somebody else made, as the judges see it:
// unfolded from its trail.

#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

/// After its RST the server goes on: it sent none.
struct Outlived {
  FrameId by;             ///< with this
  bool taken_in = false;  ///< which shows that it has all that the client had said by then
  bool operator==(const Outlived&) const = default;
};

/// With what the peer ended a connection.
struct Ending {
  FrameId frame;
  HopLimit hop_limit;
  bool reset = false;     ///< a RST; else an orderly FIN
  bool disowned = false;  ///< a RST in the client's name, a FIN in the server's; and not theirs
  std::optional<FrameId> raced{};  ///< words of the client after the server's FIN: a RST met them
  std::optional<FrameId> belied_by{};  ///< the packet after it that shows so, where one does
  std::optional<Outlived> outlived{};
  bool was_idle = false;  ///< a RST when all that both had said had arrived, a while before
  /// On a machine that shows what it passes on twice: it was made or stopped there.
  bool shown_once = false;
  HopLimit said_limit{};  ///< of the server's last packet before a RST; 0 where there is none
  /// Hop limits are those with which packets come in at a machine that passes them on: so many
  /// routers more it is to the client's side of it.
  std::uint8_t passed = 0;
  bool operator==(const Ending&) const = default;
};

/// What happened after the handshake.
struct Talk {
  std::optional<TimePoint> connected;      ///< the client acknowledged the SYN/ACK
  std::optional<TimePoint> spoke;          ///< the first byte from the peer
  std::optional<TimePoint> asked;          ///< the client said what must be answered
  FrameId asked_with;                      ///< with this
  bool to_proxy = false;                   ///< which asks a proxy to connect on
  std::optional<TimePoint> client_closed;  ///< the client ended it first
  std::optional<TimePoint> closed;         ///< the peer ended it first
  std::optional<Ending> end;               ///< with what
  std::string greeting;                    ///< the first bytes the peer said; outside text
  bool operator==(const Talk&) const = default;
};

struct Attempt {
  Exchange exchange;
  Talk talk;
  unsigned unacknowledged = 0;  ///< times the client repeated data in vain
  unsigned said_in_vain = 0;    ///< times the server did
  unsigned shut = 0;            ///< times in a row it announced a window of 0
  TimePoint touched;            ///< by its last packet
  TimePoint stuck_since;        ///< the first repetition, when there is any
  FrameId stuck_frame;          ///< the same; or the first window of 0
  bool large_in_vain = false;   ///< what was repeated in vain may not fit a path
  /// Nobody had said anything for so long before what still waits for an answer, or met a RST.
  std::optional<std::chrono::seconds> pause;
  bool heard = false;      ///< what the server repeated in vain, the client had acknowledged
  bool gave_up = false;    ///< the client's kernel asked in vain and ended it with a RST
  bool gapped = false;     ///< the beginning of what the server said never came
  bool lacks = false;      ///< when the client had left, the server had none of its words
  bool passed_on = false;  ///< by the machine of this capture, which shows both sides of it
  std::uint8_t answers_passed_on = 0;  ///< the same of its replies, a bit each
  bool joined = false;                 ///< the capture began after the connection
  bool twice = false;                  ///< the capture shows its packets more than once
  bool apart = false;                  ///< at two places, with routers between
  bool by_stack = false;               ///< its SYN is as kernels make them
  bool asks_ecn = false;               ///< its first SYN does; as in Trail
  bool fell_back = false;              ///< and a later one does not
  bool unseen = false;                 ///< the answer is in the capture, the question is not
  std::optional<Outcome> outcome;      ///< as counted
  /// What its SYN becomes behind a machine that translates, as the book has it; mostly null.
  const Forward* forward = nullptr;
  bool operator==(const Attempt&) const = default;
};

[[nodiscard]] Attempt unfolded(const Trails& trails, const Trail& trail);

/// Null: there is none.
[[nodiscard]] const Reply* first_of(const Attempt& attempt, ReplyKind kind);

/// The reply with that index was seen again behind the machine of this capture.
[[nodiscard]] inline bool is_passed_on(const Attempt& attempt, std::size_t reply) {
  return (attempt.answers_passed_on >> reply & 1) != 0;
}

/// With the hop limits that answers have behind the machine of this capture, where that passes them
/// on: distances count from before it, as those on the way there do.
[[nodiscard]] Exchange as_passed_on(const Attempt& attempt);

/// A stack of this client's makes a connection of its own, and its SYN is in the capture.
/// That client's, of whatever kind.
[[nodiscard]] inline bool is_of(const Attempt& attempt, const IpAddress& client) {
  return attempt.exchange.spec.flow.source.address == client;
}

[[nodiscard]] inline bool is_call_of(const Attempt& attempt, const IpAddress& client) {
  return is_of(attempt, client) && attempt.by_stack && !attempt.unseen && !attempt.joined;
}

[[nodiscard]] inline bool is_limited(const Attempt& attempt) {
  return attempt.exchange.spec.question.hop_limit.value <= longest_walk;
}

/// A probe of the same sample with this hop limit or more had hops enough to arrive: clearly more
/// than the last router that answered.
[[nodiscard]] unsigned enough_hops(const std::vector<Attempt>& sample);

}  // namespace hopblame::offline
