#pragma once
// IPv4 (RFC 791) and IPv6 (RFC 8200, at most 8 extension headers), of a packet or of a quote.

#include <optional>

#include "analysis/model/ids.hpp"
#include "capture/cursor.hpp"

namespace hopblame {

struct IpHeader {
  IpAddress source, destination;
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;
  std::uint8_t protocol = 0;  ///< of `payload`; meaningless when `why` is set
  std::uint32_t ip_id_or_flow_label = 0;
  bool dont_fragment = false;
  bool later_fragment = false;  ///< not the first: no transport header inside
  /// Of a packet that was cut in pieces; absent: it is whole.
  struct Fragment {
    std::uint32_t id = 0, begin = 0;
    bool last = false;
  };
  std::optional<Fragment> fragment;
  /// Bytes of the whole packet, header included, as the header says; absent where it says 0
  /// (segmentation offload, jumbograms).
  std::optional<std::uint32_t> total;
  std::uint32_t header_bytes = 0;  ///< before the payload, extension headers included
  Bytes payload;                   ///< what the capture holds of it, without padding
  const char* why = nullptr;       ///< set when the payload cannot be reached: a fixed text

  /// Bytes of payload on the wire. `wire` is used where the header does not tell.
  [[nodiscard]] std::uint32_t payload_on_wire(std::uint32_t wire) const {
    const std::uint32_t whole = total.value_or(wire);
    return whole > header_bytes ? whole - header_bytes : 0;
  }
};

/// Nothing when the fixed header is cut off or is not of this version. A length in the header only
/// ever shrinks `packet`.
[[nodiscard]] std::optional<IpHeader> read_ipv4(Bytes packet) noexcept;
[[nodiscard]] std::optional<IpHeader> read_ipv6(Bytes packet) noexcept;

}  // namespace hopblame
