#pragma once
// What is written down of one connection attempt, or one probe, of a capture that somebody else
// made: small and of fixed size, because there may be hundreds of thousands at a time.

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <variant>

#include "analysis/model/exchange.hpp"
#include "analysis/model/sighting.hpp"
#include "analysis/model/verdict.hpp"
#include "analysis/offline/pool.hpp"

namespace hopblame::offline {

using TrailId = PoolId;
using AddressBytes = std::array<std::uint8_t, 16>;

/// What an ICMP error says beside the sequence number it quotes: that is the trail's.
struct Rejection {
  std::array<std::uint8_t, 16> sender{};
  std::uint32_t mtu = 0;  ///< 0: not given
  std::uint32_t ip_id_or_flow_label = 0;
  std::uint16_t bytes = 0;
  std::uint8_t type = 0, code = 0;
  std::uint8_t hop_limit = 0, traffic_class = 0;
  std::uint8_t flags = 0;
  bool has_flags = false;  ///< quoted far enough
  bool of_server = false;  ///< it is about a packet of the server
};

/// An answer with the right number from whom nobody asked.
struct Elsewhere {
  AddressBytes sender{};
  std::uint8_t flags = 0;
};

/// A packet that answers, in one line of memory.
struct alignas(64) Answer {
  FrameId frame;
  TimePoint at;
  std::uint32_t ip_id_or_flow_label = 0;
  ReplyKind kind = ReplyKind::other_segment;
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;
  bool dont_fragment : 1 = false;
  bool passed_on : 1 = false;  ///< seen again one router farther, on its way through this machine
  std::variant<std::monostate, SeenSegment, Rejection, Elsewhere> what;
};
static_assert(sizeof(Answer) == 64);

/// Room for an answer: untouched memory until it comes.
union AnswerPlace {
  AnswerPlace() {}
  Answer answer;
};

/// Answers after the third.
using MoreAnswers = std::array<AnswerPlace, 5>;

/// What few attempts have, or only those that got through; each line of memory is touched by those
/// only that need it. A time or frame is there when the trail says so.
struct alignas(64) Rest {
  TimePoint connected;      ///< the client acknowledged the SYN/ACK
  TimePoint spoke;          ///< the first byte from the peer
  TimePoint client_closed;  ///< the client ended it first
  TimePoint closed;         ///< the peer ended it first
  FrameId end;              ///< with this; or the client did
  /// With this the client's own stack refused the SYN/ACK; else, of a disowned end, or of a RST
  /// that the server outlives: the packet after it that belies it, none where the end itself does.
  FrameId witness;
  HopLimit end_hop_limit;  ///< until then: of the client's acknowledgment of the SYN/ACK
  std::uint8_t greeting_size = 0;
  /// When the client said what must be answered, in tenths of a second after the handshake, plus
  /// one.
  std::uint16_t asked = 0;
  PoolId more_answers = nothing;
  /// Ends of the first segments that were repeated in vain, of the client and of the server; after
  /// a RST or an end that is nobody's: of what was said before.
  std::uint32_t stuck = 0, server_stuck = 0;
  std::array<AnswerPlace, 2> answers;  ///< the second and the third

  alignas(64) std::array<char, 120> greeting;  ///< the first bytes the peer said; outside text
  /// Seconds for which nobody had said anything before what still waits for an answer; the server
  /// said it, or the client.
  std::uint32_t pause : 30 = 0, pause_of_server : 1 = 0;
  std::uint32_t large_in_vain : 1 = 0;  ///< what was repeated in vain may not fit a path
  /// Frames from the SYN to what must be answered; and that asks a proxy (CONNECT of HTTP).
  std::uint32_t asked_after : 31 = 0, to_proxy : 1 = 0;

  alignas(64) std::array<std::uint32_t, 10> later_frames;  ///< copies beyond those of the trail
  std::array<std::uint16_t, 4> ip_ids;
  TimePoint stuck_since;  ///< the first repetition
  FrameId stuck_frame;    ///< the same; or the first window of 0
};
static_assert(sizeof(Rest) == 384);

/// An optional outcome in one byte.
class MaybeOutcome {
 public:
  MaybeOutcome() = default;
  MaybeOutcome(Outcome outcome) : code_(static_cast<std::uint8_t>(outcome) + 1u) {}
  MaybeOutcome(std::optional<Outcome> outcome) {
    if (outcome) *this = *outcome;
  }
  explicit operator bool() const { return code_ != 0; }
  [[nodiscard]] Outcome operator*() const { return static_cast<Outcome>(code_ - 1); }
  bool operator==(const MaybeOutcome&) const = default;

 private:
  std::uint8_t code_ = 0;
};

/// Two lines of memory, the first of which is enough for most packets.
struct alignas(64) Trail {
  FlowKey key;
  TimePoint touched;           ///< by its last packet
  TrailId next = nothing;      ///< the next older one of the same flow; or of the same target
  std::uint32_t sequence = 0;  ///< echo: identifier
  std::uint32_t number = 0;  ///< bare ACK: its acknowledgment; echo: sequence; a connection: where
                             ///< the client's data ends, 0 before there is any
  bool from_low : 1 = true;  ///< the client is the lower end of the key
  bool joined : 1 = false;   ///< the capture began after the connection
  bool answer_unseen : 1 = false;  ///< the client acts on an answer that is not in the capture
  bool own_reset : 1 = false;      ///< the client's own stack refused the SYN/ACK
  bool talking : 1 = false;        ///< the handshake is complete, or was before the capture began
  bool by_stack : 1 = false;       ///< a SYN as kernels make them, which start it at 64, 128 or 255
  bool over : 1 = false;           ///< both ended it, or one reset it
  bool gone : 1 = false;           ///< handed on before its turn: nobody's until then
  bool newest : 1 = false;         ///< of the attempts of its flow that are followed
  bool spoke : 1 = false;          ///< the peer said something
  bool greeted : 1 = false;        ///< and enough of it was kept
  /// Who ended it first; both: somebody else did, with a RST in the client's name or a FIN in the
  /// server's.
  bool client_closed : 1 = false, closed : 1 = false;
  bool reset : 1 = false;                              ///< with a RST of the peer
  bool rejected : 1 = false, unreachable : 1 = false;  ///< the first ICMP error that ends it
  std::uint8_t copies : 4 = 0;   ///< frames in which it was seen leaving, at most 14
  bool outlived : 1 = false;     ///< after the RST that ended it the server goes on
  bool taken_in : 1 = false;     ///< and has got what the client had said by then
  bool was_idle : 1 = false;     ///< nobody had said or repeated anything for a while before it
  bool lacks : 1 = false;        ///< the server, when the client had left: it has none of its words
  std::uint8_t answers : 4 = 0;  ///< packets that answer it, at most 8
  bool apart : 1 = false;        ///< shown at two places, with routers between: files were merged
  bool joins_another : 1 = false;  ///< one more way of a connection that is there
  bool heard : 1 = false;          ///< the client has acknowledged what the server repeats
  bool asking : 1 = false;  ///< what the client repeats is the question whether the peer is there

  TimePoint at;
  FrameId frame;  ///< the first, which also tells the order of beginning
  std::array<std::uint32_t, 3> later_frames{};  ///< after `frame`
  std::array<std::uint16_t, 4> ip_ids{};  ///< of its packets: some tools tell probes by it only
  PoolId first_answer = nothing;
  PoolId rest = nothing;
  TrailId newer = nothing;        ///< of the same flow; the newest has none
  std::uint32_t said = 0;         ///< where the server's data ends, 0 before there is any
  std::uint32_t kinds : 10 = 0;   ///< of answers, a bit for each
  std::uint32_t misfits : 5 = 0;  ///< answers with wrong numbers
  /// The first SYN asks for ECN (RFC 3168); and a later one does not.
  std::uint32_t asks_ecn : 1 = 0, fell_back : 1 = 0;
  /// Its question was seen again one router farther: the machine of this capture passed it on.
  std::uint32_t passed_on : 1 = 0;
  std::uint32_t gave_up : 1 = 0;  ///< the client's kernel, after such questions
  /// The server, silent so far, has acknowledged all that the client had said; and then the client
  /// said more.
  std::uint32_t heeded : 1 = 0, went_on : 1 = 0;
  /// What the server said first never came, what it said then did; and the client says so.
  std::uint32_t gapped : 1 = 0, missed : 1 = 0;
  std::uint32_t taken : 1 = 0;       ///< the client acknowledged what the server said first
  std::uint32_t said_limit : 8 = 0;  ///< hop limit of the server's last packet that is no RST
  MaybeOutcome outcome;              ///< as counted, once it is finished
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;
  std::uint8_t unacknowledged = 0;  ///< times the client repeated data in vain
  std::uint8_t said_in_vain = 0;    ///< times the server did
  std::uint8_t shut : 7 = 0;        ///< packets in a row with which it announced a window of 0
  std::uint8_t paused : 1 = 0;      ///< what was said after a long pause still waits for an answer
  std::uint8_t gap : 7 = 0;         ///< seconds between its last two copies, at most 127
  bool translated : 1 = false;      ///< a copy of another, passed on under another address
  ProbeKind kind : 3 = ProbeKind::syn;
  std::uint8_t ids : 4 = 0;  ///< IP IDs noted
  bool twice : 1 = false;    ///< the capture shows each of its packets more than once

  [[nodiscard]] DirectedKey flow() const { return {key, from_low}; }
  [[nodiscard]] const AddressBytes& client() const { return from_low ? key.low : key.high; }
  [[nodiscard]] const AddressBytes& server() const { return from_low ? key.high : key.low; }
  [[nodiscard]] std::uint16_t server_port() const {
    return from_low ? key.high_port : key.low_port;
  }
  void count_misfit() {
    constexpr std::uint32_t most = (1u << 5) - 1;
    if (misfits < most) misfits = (misfits + 1) & most;
  }
  [[nodiscard]] bool is_stuck() const { return unacknowledged + said_in_vain + shut > 0; }
  /// The answer is in the capture, the question is not.
  [[nodiscard]] bool unseen() const { return copies == 0; }
  /// Its number after all that it is known to have said.
  [[nodiscard]] std::uint32_t next_of_client() const { return number != 0 ? number : sequence + 1; }
  /// The server has said all that it had to say.
  [[nodiscard]] bool has_server_fin() const { return closed && !reset && !client_closed; }
  /// An end that was not of whose name it bears.
  [[nodiscard]] bool has_disowned() const { return closed && client_closed; }
  [[nodiscard]] bool has(ReplyKind answer) const {
    return (kinds >> static_cast<unsigned>(answer) & 1) != 0;
  }
};
static_assert(sizeof(Trail) == 128 && offsetof(Trail, at) == 64);

/// Stacks repeat a SYN that nobody answers after a second at the earliest (RFC 6298 section 2), as
/// captures stamp it. Windows repeats one that is refused after half a second.
inline constexpr Duration retransmission = std::chrono::milliseconds(900);

[[nodiscard]] inline bool is_by_timer(Duration span, std::size_t copies) {
  return copies > 1 && span >= retransmission * static_cast<Duration::rep>(copies - 1);
}

/// Every path takes so much in a segment (RFC 9293 section 3.7.1).
inline constexpr std::uint32_t always_passes = 536;

/// No table of connections ought to forget one sooner.
inline constexpr Duration long_pause = std::chrono::minutes(1);

/// A probe sent to die on the way.
[[nodiscard]] inline bool is_limited(const Trail& trail) {
  return trail.hop_limit.value <= longest_walk;
}

/// Only when it asked again.
[[nodiscard]] inline bool is_let_in_late(const Trail& trail) {
  return trail.copies > 1 && trail.outcome == Outcome::open;
}

}  // namespace hopblame::offline
