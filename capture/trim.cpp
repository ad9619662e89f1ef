#include "capture/trim.hpp"

#include <algorithm>

#include "capture/ip_header.hpp"
#include "capture/link_layer.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

constexpr std::size_t udp_header = 8, least_tcp_header = 20;

/// What a RST carries is its cause, no data of an application (RFC 9293 section 3.5.3).
std::size_t kept_of_tcp(Bytes segment) {
  if (segment.size() < least_tcp_header) return segment.size();
  const auto header = std::max<std::size_t>(least_tcp_header, 4u * (segment[12] >> 4));
  return header + ((segment[13] & tcp_flag::rst) != 0 ? most_text : 0);
}

std::optional<IpHeader> read_ip(const Unwrapped& inner) {
  if (inner.network == Network::ipv4) return read_ipv4(inner.packet);
  if (inner.network == Network::ipv6) return read_ipv6(inner.packet);
  return std::nullopt;
}

}  // namespace

std::size_t without_payload(const Frame& frame) noexcept {
  const auto whole = frame.bytes.size();
  const auto ip = read_ip(unwrap(frame.link_type, frame.bytes));
  if (!ip || ip->why != nullptr || ip->payload.empty()) return whole;
  const auto before = static_cast<std::size_t>(ip->payload.data() - frame.bytes.data());
  if (ip->later_fragment) return before;
  if (ip->protocol == static_cast<std::uint8_t>(Transport::tcp))
    return std::min(whole, before + kept_of_tcp(ip->payload));
  if (ip->protocol == static_cast<std::uint8_t>(Transport::udp))
    return std::min(whole, before + udp_header);
  return whole;
}

}  // namespace hopblame
