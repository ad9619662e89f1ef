#include "capture/filter.hpp"

#include <fmt/format.h>

namespace hopblame {
namespace {

std::string any_port(std::span<const std::uint16_t> ports) {
  std::string text;
  for (const auto port : ports) text += fmt::format("{}port {}", text.empty() ? "" : " or ", port);
  return text;
}

/// A segment to one of our ports is ours whoever sent it: a NAT that is not undone on the way back
/// lets an answer come from another address.
std::string segments(const CaptureScope& scope) {
  return fmt::format("((host {} or (tcp and dst host {})) and (tcp or udp) and ({}))",
                     to_string(scope.target), to_string(scope.local), any_port(scope.ports));
}

std::string for_ipv4(const CaptureScope& scope) {
  return fmt::format(
      "{} or (icmp and host {} and (icmp[0] = 0 or icmp[0] = 8))"
      " or (icmp and dst host {} and"
      " (icmp[0] = 3 or icmp[0] = 4 or icmp[0] = 5 or icmp[0] = 11 or icmp[0] = 12))"
      " or (arp and host {})",
      segments(scope), to_string(scope.target), to_string(scope.local), to_string(scope.next_hop));
}

/// The address a neighbour message asks for stands 8 bytes into the ICMPv6 header (RFC 4861 4.3).
std::string asks_for(const IpAddress& address) {
  std::string text;
  for (std::size_t i = 0; i < 16; i += 4)
    text += fmt::format("{}ip6[{}:4] = 0x{:02x}{:02x}{:02x}{:02x}", i == 0 ? "" : " and ", 48 + i,
                        address.bytes[i], address.bytes[i + 1], address.bytes[i + 2],
                        address.bytes[i + 3]);
  return text;
}

std::string for_ipv6(const CaptureScope& scope) {
  return fmt::format(
      "{} or (icmp6 and host {} and (ip6[40] = 128 or ip6[40] = 129))"
      " or (icmp6 and dst host {} and ip6[40] >= 1 and ip6[40] <= 4)"
      " or (icmp6 and (ip6[40] = 135 or ip6[40] = 136) and {})",
      segments(scope), to_string(scope.target), to_string(scope.local), asks_for(scope.next_hop));
}

}  // namespace

std::string filter_elsewhere(const CaptureScope& scope,
                             std::span<const OtherInterface> interfaces) {
  std::string which;
  for (const auto& interface : interfaces)
    which += fmt::format("{}ifindex {}", which.empty() ? "" : " or ", interface.index);
  // The packet type stands 10 bytes into the header; 0: for this machine, which a mirror port's
  // copies are not. What bears our own address is ours and comes round.
  const auto local = to_string(scope.local);
  return fmt::format("({}) and link[10] = 0 and dst host {} and not src host {} and ({})", which,
                     local, local, capture_filter(scope));
}

std::string capture_filter(const CaptureScope& scope) {
  return scope.target.family == Family::ipv4 ? for_ipv4(scope) : for_ipv6(scope);
}

}  // namespace hopblame
