#pragma once
// Which packets of a live capture are ours: nobody else's traffic gets into the file.

#include <cstdint>
#include <span>
#include <string>

#include "analysis/model/facts.hpp"

namespace hopblame {

struct CaptureScope {
  IpAddress target, local, next_hop;
  std::span<const std::uint16_t> ports;  ///< our reserved source ports
};

/// In the language of pcap-filter(7): TCP and UDP between the target and our ports, TCP to our
/// ports from anybody, echo with the target, ICMP errors to us from anybody, ARP or Neighbour
/// Discovery about the next hop.
[[nodiscard]] std::string capture_filter(const CaptureScope& scope);

/// Of a capture on all interfaces (LINKTYPE_LINUX_SLL2), what these show of it that is sent to us.
[[nodiscard]] std::string filter_elsewhere(const CaptureScope& scope,
                                           std::span<const OtherInterface> interfaces);

}  // namespace hopblame
