#pragma once
// The packets of one capture, sorted into connection attempts.

#include <optional>
#include <span>
#include <vector>

#include "analysis/model/observation.hpp"

namespace hopblame::compare {

inline constexpr std::size_t most_packets = 4096;  ///< of one call and way that are followed

using Packets = std::vector<const Observation*>;

struct Call {
  Flow flow;                         ///< from the client to the server
  std::optional<std::uint32_t> isn;  ///< of the client; absent: the SYN is not in the capture
  /// In order. ICMP goes to the sender of what it quotes.
  Packets there, back;
  /// As the machine of this capture passes it on under other addresses, which the capture shows
  /// too.
  std::optional<Flow> passed_on;
  /// The flow of its later packets, where something on the way began it anew.
  std::optional<Flow> moved_to;

  [[nodiscard]] const Observation* syn() const;      ///< null: not in the capture
  [[nodiscard]] const Observation* syn_ack() const;  ///< that acknowledges the SYN
  [[nodiscard]] std::uint32_t said_in_syn() const;   ///< bytes (RFC 7413)
  [[nodiscard]] TimePoint begun() const;
  [[nodiscard]] TimePoint ended() const;  ///< its last packet
};

/// Whose capture it is. A machine that passes packets on may show them twice, as they come and as
/// they go: what counts at the client is what goes to it, at the server what comes.
enum class End : std::uint8_t { client, server };

/// By flow and initial sequence number: probes of a walk share a flow. In order of their beginning.
/// The pointers are into `packets`. `seed`: of the hash; any number gives the same result.
[[nodiscard]] std::vector<Call> calls_of(std::span<const Observation> packets, End end,
                                         std::uint64_t seed = 0);

[[nodiscard]] inline const TcpSegment* segment_of(const Observation& packet) {
  return std::get_if<TcpSegment>(&packet.message);
}

}  // namespace hopblame::compare
