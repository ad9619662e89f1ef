#pragma once
// What the bookkeeping of a large capture needs to know of one packet: plain numbers, no memory of
// its own. An Observation says more and costs twenty times as much.

#include <span>

#include "analysis/model/flow_key.hpp"
#include "analysis/model/observation.hpp"

namespace hopblame {

/// TCP options of a SYN or SYN/ACK; other segments are not asked for theirs.
struct HandshakeOptions {
  std::optional<std::uint16_t> mss;  ///< RFC 9293 section 3.2; absent when not sent or cut off
  bool timestamps = false, sack_permitted = false, window_scale = false, joins_another = false;
  bool is_signed = false;
  bool operator==(const HandshakeOptions&) const = default;
};

struct SeenSegment {
  std::uint32_t sequence = 0, acknowledgment = 0, payload = 0;
  std::uint16_t window = 0;
  std::uint8_t flags = 0, option_bytes = 0;
  HandshakeOptions options;
  bool operator==(const SeenSegment&) const = default;

  [[nodiscard]] bool has(std::uint8_t bits) const { return (flags & bits) == bits; }
  [[nodiscard]] bool is_syn() const { return (flags & 0x17) == tcp_flag::syn; }
  [[nodiscard]] bool is_syn_ack() const {
    return (flags & 0x17) == (tcp_flag::syn | tcp_flag::ack);
  }
  [[nodiscard]] bool is_reset() const { return has(tcp_flag::rst); }
};

/// An ICMP error and what identifies the packet it quotes; the flow is the Sighting's.
struct SeenError {
  std::array<std::uint8_t, 16> sender{};
  std::uint32_t sequence = 0;  ///< quoted; of an echo request identifier and sequence, of UDP 0
  std::uint32_t mtu = 0;       ///< 0: not given
  std::uint32_t ip_id_or_flow_label = 0;
  std::uint16_t bytes = 0;
  std::uint8_t type = 0, code = 0;
  std::uint8_t hop_limit = 0, traffic_class = 0;
  std::uint8_t flags = 0;
  bool has_sequence = false, has_flags = false;  ///< quoted far enough
  bool operator==(const SeenError&) const = default;
};

/// No stack starts with so little, no path is that long: a datagram that is sent with no more is a
/// probe of a walk.
inline constexpr std::uint8_t longest_walk = 32;

struct SeenEcho {
  std::uint16_t identifier = 0, sequence = 0;
  bool reply = false;
  bool operator==(const SeenEcho&) const = default;
};

/// What does not belong to its kind may hold anything.
struct Sighting {
  /// `other`: nothing that belongs to an attempt; only its time counts.
  /// `datagram`: UDP that is meant to die on the way, or at a closed port.
  enum class Kind : std::uint8_t { other, segment, error, echo, datagram };

  DirectedKey key;  ///< of an error: of the packet it quotes
  FrameId frame;
  TimePoint at;
  std::uint32_t ip_id_or_flow_label = 0;
  Kind kind = Kind::other;
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;
  bool dont_fragment = false;
  SeenSegment segment;  ///< of `segment`
  SeenError error;      ///< of `error`
  SeenEcho echo;        ///< of `echo`
  /// The start of what a segment carries, as far as it was captured; valid as long as the frame.
  std::span<const std::uint8_t> text;
};

[[nodiscard]] Sighting sighting_of(const Observation& observation);

}  // namespace hopblame
