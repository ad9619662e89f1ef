#pragma once
// A probe to the bytes of an IP packet, header included, checksums right (or wrong on purpose for
// ProbeKind::syn_bad_checksum). Built with libtins.
//
// What tells two probes of one flow apart on the wire: TCP by sequence number, echo by identifier
// and sequence, UDP by its checksum, which the payload is chosen to make equal to the low 16 bits
// of `sequence` (0xffff for 0, which would mean "no checksum", RFC 768).

#include <cstdint>
#include <vector>

#include "analysis/model/probe.hpp"

namespace hopblame {

[[nodiscard]] std::vector<std::uint8_t> craft(const ProbeSpec& spec);

/// The UDP checksum a datagram with this sequence number carries.
[[nodiscard]] constexpr std::uint16_t udp_checksum_for(std::uint32_t sequence) {
  const auto low = static_cast<std::uint16_t>(sequence & 0xffff);
  return low == 0 ? std::uint16_t{0xffff} : low;
}

/// The IPv6 flow label of a flow: 20 bits, never 0, the same for every packet (RFC 6437).
[[nodiscard]] std::uint32_t flow_label_of(const Flow& flow);

}  // namespace hopblame
