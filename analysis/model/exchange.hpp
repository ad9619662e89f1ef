#pragma once
// A probe and everything that answered it. Several replies to one probe are evidence (a RST and a
// SYN/ACK to the same SYN convict an injector), so all are kept, in order of arrival.

#include <optional>
#include <vector>

#include "analysis/model/message.hpp"
#include "analysis/model/probe.hpp"

namespace hopblame {

enum class ReplyKind : std::uint8_t {
  syn_ack,
  reset,      ///< RST without ACK
  reset_ack,  ///< RST with ACK
  data,       ///< payload from the peer, after a handshake
  fin,        ///< orderly end from the peer
  other_segment,
  time_exceeded,  ///< ICMP 11/0, ICMPv6 3/0
  icmp_error,     ///< every other ICMP message that quotes the probe
  echo_reply,
  udp_reply,
};

struct Reply {
  FrameId frame;
  TimePoint at;
  ReplyKind kind = ReplyKind::other_segment;
  IpAddress from;
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;
  std::uint32_t ip_id_or_flow_label = 0;
  bool dont_fragment = false;
  bool to_later_segment = false;  ///< an ICMP message about what followed the SYN, not about it
  std::optional<TcpSegment> segment;
  std::optional<IcmpError> icmp;
  bool valid =
      true;  ///< false: the stack of the client would ignore it (RFC 9293 section 3.10.7.3)
  std::uint32_t interface_index = 0;  ///< see Observation
  bool operator==(const Reply&) const = default;
};

/// What looks like an answer and does not carry our numbers.
struct Misfit {
  Flow flow;  ///< ours: of the packet that it pretends to answer
  Reply reply;
};

enum class Origin : std::uint8_t { raw, kernel };

struct Exchange {
  ProbeSpec spec;
  Origin origin = Origin::raw;  ///< kernel: a segment of the real connect(), not ours to shape
  TimePoint at;                 ///< first seen leaving; else when it was handed to the kernel
  int error = 0;                ///< errno of the send; not 0: it never left
  /// What the packet had when it left, where that is not what was asked for: a rule of this machine
  /// wrote another, or the question is only about "enough to arrive".
  std::optional<HopLimit> left_with{};
  std::vector<FrameId> left;  ///< frames in which the capture saw it leave; empty: not sent
  std::vector<Reply> replies;
  /// The RST with which this machine's own stack answered a SYN/ACK to a raw SYN: proof that the
  /// answer passed the local input rules.
  std::optional<FrameId> own_reset;
  std::uint32_t said = 0;  ///< of the real connect(): bytes of data after its SYN, seen leaving
  bool operator==(const Exchange&) const = default;

  [[nodiscard]] bool sent() const { return !left.empty(); }
  /// A rule of this machine gave a probe that was to die on the way another hop limit.
  [[nodiscard]] bool rewritten_here() const {
    const auto asked = spec.question.hop_limit;
    return asked < full_hop_limit && left_with && *left_with != asked;
  }
  [[nodiscard]] bool answered() const { return !replies.empty(); }
};

}  // namespace hopblame
