#pragma once
// What is written down of one connection attempt, or one probe, of a capture that somebody else
// made: small and of fixed size, because there may be hundreds of thousands at a time.

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <variant>

#include "analysis/model/exchange.hpp"
#include "analysis/model/sighting.hpp"
#include "analysis/model/verdict.hpp"
#include "analysis/offline/pool.hpp"

namespace hopblame::offline {

using TrailId = PoolId;

/// A packet that answers; `next` is the one after it.
struct Answer {
  FrameId frame;
  TimePoint at;
  PoolId next = nothing;
  std::uint32_t ip_id_or_flow_label = 0;
  ReplyKind kind = ReplyKind::other_segment;
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;
  bool dont_fragment = false;
  std::variant<std::monostate, SeenSegment, SeenError> what;
};

/// With what the peer ended a connection.
struct Ending {
  FrameId frame;
  HopLimit hop_limit;
  bool reset = false;  ///< a RST; else an orderly FIN
};

/// The first bytes the peer said; outside text.
struct Greeting {
  std::array<char, 128> bytes{};
  std::uint8_t size = 0;
  void append(std::span<const std::uint8_t> text) {
    const auto count = std::min(text.size(), bytes.size() - size);
    std::copy_n(text.begin(), count, bytes.begin() + size);
    size = static_cast<std::uint8_t>(size + count);
  }
  [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }
};

/// What happened after the handshake.
struct Talk {
  std::optional<TimePoint> connected;      ///< the client acknowledged the SYN/ACK
  std::optional<TimePoint> spoke;          ///< the first byte from the peer
  std::optional<TimePoint> client_closed;  ///< the client ended it first
  std::optional<TimePoint> closed;         ///< the peer ended it first
  std::optional<Ending> end;               ///< with what
  Greeting greeting;
  std::uint32_t sent_up_to = 0;  ///< sequence after the client's last byte
  unsigned unacknowledged = 0;   ///< times the client repeated data in vain
};

/// The first few copies of a packet: a Trail holds four, one of these the next twelve.
struct MoreCopies {
  std::array<FrameId, 12> frames{};
  std::array<std::uint16_t, 4> ip_ids{};
};

struct Trail {
  DirectedKey flow;
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;
  ProbeKind kind = ProbeKind::syn;
  std::optional<Outcome> outcome;  ///< as counted, once it is finished
  bool joined : 1 = false;         ///< the capture began after the connection
  bool unseen : 1 = false;         ///< the answer is in the capture, the question is not
  bool answer_unseen : 1 = false;  ///< the client acts on an answer that is not in the capture
  bool talking : 1 = false;        ///< the handshake is complete, or was before the capture began
  bool over : 1 = false;           ///< both ended it, or one reset it
  bool waits_soon : 1 = false;     ///< in which queue
  std::uint8_t copies = 0;         ///< frames in which it was seen leaving, at most 16
  std::uint8_t ids = 0, answers = 0;  ///< how many there are
  std::uint16_t misfits = 0;          ///< answers with wrong numbers
  TimePoint at, touched;
  FrameId frame;  ///< the first, which also tells the order of beginning
  std::uint32_t sequence = 0, acknowledgment = 0;  ///< echo: identifier, sequence
  std::array<std::uint32_t, 3> later_frames{};     ///< after `frame`
  std::array<std::uint16_t, 4> ip_ids{};  ///< of its packets: some tools tell probes by it only
  std::uint32_t own_reset = 0;            ///< frames after `frame`; 0: none
  PoolId first_answer = nothing, talk = nothing, more = nothing;
  TrailId next = nothing;  ///< the next older one of the same flow; or of the same target
  TimePoint due;           ///< when it is looked at again
  TrailId before = nothing, after = nothing;  ///< in the queue of those that wait
};

/// A probe sent to die on the way: no stack starts at so little, no path is that long.
inline constexpr std::uint8_t longest_walk = 32;
[[nodiscard]] inline bool is_limited(const Trail& trail) {
  return trail.hop_limit.value <= longest_walk;
}

}  // namespace hopblame::offline
