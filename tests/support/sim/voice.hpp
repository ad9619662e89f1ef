#pragma once
// How a box speaks: the fingerprints of what it makes itself (signatures section 3, measured).

#include <optional>

#include "tests/support/sim/bucket.hpp"
#include "tests/support/sim/packet.hpp"

namespace hopblame::sim {

enum class Maker {
  kernel,     ///< the stack itself: copies ToS, random flow label
  netfilter,  ///< REJECT --reject-with tcp-reset: ToS and flow label 0
  pf,         ///< RST+ACK whatever came, ToS 0x10
};

class Voice {
 public:
  Voice(const Box& box, World& world);

  /// What RFC 9293 section 3.10.7.1 answers where no connection is; nothing to a RST.
  [[nodiscard]] std::optional<Packet> reset(const Packet& cause, Maker maker);
  /// An ICMP error, or nothing when the limit of this box is used up.
  [[nodiscard]] std::optional<Packet> icmp(const Packet& cause, Reason reason, IpAddress from);
  /// The netdev ingress way: in the destination's name, ID 0, DF, no limit.
  [[nodiscard]] Packet forged_icmp(const Packet& cause, Reason reason);
  /// What the action of a rule answers; a REJECT verifies the checksum first (measured).
  [[nodiscard]] std::optional<Packet> obey(const Rule& rule, const Packet& cause, IpAddress from);
  /// An empty answer to `cause`: flow turned round, initial hop limit, the family's usual marks.
  [[nodiscard]] Packet answer(const Packet& cause, std::uint8_t hop_limit);

 private:
  [[nodiscard]] Packet icmp_packet(const Packet& cause, Reason reason, IpAddress from);
  [[nodiscard]] Quote quote(const Packet& cause) const;

  const Box& box_;
  World& world_;
  /// A missing route of IPv4 draws on that of Linux twice (measured: ip_error, icmp_send).
  Bucket limit_;
  std::uint32_t next_id_, label_;
};

}  // namespace hopblame::sim
