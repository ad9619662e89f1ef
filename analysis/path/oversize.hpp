#pragma once
// A router says that a packet is too big for its next link (RFC 1191, RFC 8201). Who heeds that
// sends smaller ones.

#include "analysis/model/tcp_limits.hpp"
#include "analysis/path/own_words.hpp"

namespace hopblame {

/// Every host takes packets of this size (RFC 1122 section 3.3.3).
inline constexpr std::uint32_t least_mtu = 576;
/// Of Ethernet: larger packets are few networks' own.
inline constexpr std::uint32_t everyday_mtu = 1500;
/// What a ping has to hold (`ping -s`) to fill such a packet, or the largest that the own link
/// takes, with its headers of IP and ICMP.
[[nodiscard]] constexpr std::uint32_t full_ping(Family family, std::uint32_t mtu = everyday_mtu) {
  const bool narrow = mtu >= least_mtu && mtu < everyday_mtu;
  return (narrow ? mtu : everyday_mtu) - (family == Family::ipv4 ? 20 : 40) - 8;
}

[[nodiscard]] bool is_of_size(const Reply& reply);
/// What was said so about packets of this connection, in its order. One that was heeded leads to
/// the next small link: only of the last link.
[[nodiscard]] std::vector<const Reply*> size_messages(const Exchange& call);
/// The segment, as it was sent last, does not fit where this says.
[[nodiscard]] bool is_too_big(const OwnSegment& segment, const Reply& told);
/// It was sent again as large as before, long after the message had come: what was on its way by
/// then, or is sent again at once, is still as large.
[[nodiscard]] bool goes_unheeded(const OwnSegment& segment, const Reply& told);

}  // namespace hopblame
