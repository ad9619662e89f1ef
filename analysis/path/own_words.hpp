#pragma once
// What the real connection said after its handshake, as the capture saw it leave, and how much of
// it the peer acknowledged.

#include <span>
#include <vector>

#include "analysis/model/exchange.hpp"
#include "analysis/model/observation.hpp"

namespace hopblame {

/// A piece of our data; sent again, it has several frames. Offsets count from the first byte.
struct OwnSegment {
  std::uint32_t offset = 0, bytes = 0;
  std::uint32_t last_bytes = 0;  ///< when it was sent last, perhaps in smaller pieces
  std::vector<FrameId> frames;
  TimePoint first, last;
};

/// `call`: the exchange of the real connect().
[[nodiscard]] std::vector<OwnSegment> own_segments(std::span<const Observation> observations,
                                                   const Exchange& call);

/// Bytes of ours that the peer has acknowledged.
[[nodiscard]] std::uint32_t acknowledged_bytes(const Exchange& call);

/// Did something of the peer arrive beyond a gap that was never filled? An ACK alone counts all
/// that it has sent before (its sequence number is SND.NXT, RFC 9293 section 3.10.7.4).
[[nodiscard]] bool has_unfilled_gap(const Exchange& call);

/// What the peer said next, in its turn, and our stack never acknowledged: the frames it came in.
struct Unheard {
  std::vector<FrameId> frames;
  TimePoint first;
};
[[nodiscard]] Unheard unheard_words(std::span<const Observation> observations,
                                    const Exchange& call);

}  // namespace hopblame
