#pragma once
// One packet, as the capture saw it.

#include "analysis/model/link_address.hpp"
#include "analysis/model/message.hpp"
#include "analysis/model/time.hpp"

namespace hopblame {

struct Observation {
  FrameId frame;
  TimePoint at;
  Flow flow;  ///< ICMP: source and destination of the message itself, ports 0
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;         ///< whole octet, ECN bits included
  std::uint32_t ip_id_or_flow_label = 0;  ///< IPv4 identification; IPv6 flow label
  bool dont_fragment = false;             ///< IPv4 DF; always false for IPv6
  bool fragment = false;                  ///< not the first fragment: the message cannot be read
  Message message;
  /// Where the capture tells it (LINKTYPE_LINUX_SLL2); 0 unknown.
  std::uint32_t interface_index = 0;
  std::optional<LinkEnds> link;  ///< of an Ethernet frame
  bool to_other_host = false;    ///< so said the kernel that captured it (LINKTYPE_LINUX_SLL)

  bool operator==(const Observation&) const = default;
};

}  // namespace hopblame
