#pragma once
// ICMP numbers in words, and what a Linux client makes of them.

#include <cstdint>
#include <string>

#include "analysis/model/address.hpp"
#include "analysis/model/words.hpp"

namespace hopblame {

/// "communication administratively prohibited"; an unknown pair becomes "ICMP type 3 code 99".
[[nodiscard]] std::string icmp_text(Family family, std::uint8_t type, std::uint8_t code);

/// errno of a connect() that gets this message in SYN_SENT (measured on Linux; net/ipv4/icmp.c
/// icmp_err_convert, net/ipv6/icmp.c tab_unreach). 0: the stack ignores it.
[[nodiscard]] int icmp_errno(Family family, std::uint8_t type, std::uint8_t code);

/// No route or no neighbour: codes that a routing table or a failed ARP sends (RFC 1812 section
/// 5.2.7.1, RFC 4443 section 3.1); some filters can be told to send them too.
[[nodiscard]] bool is_routing_code(Family family, std::uint8_t type, std::uint8_t code);
[[nodiscard]] bool is_host_unreachable(Family family, std::uint8_t type, std::uint8_t code);
/// 3/13, ICMPv6 1/1, and what RFC 4443 calls subsets of that, 1/5 and 1/6: a `prohibit` route sends
/// it, and so do many rules.
[[nodiscard]] bool is_admin_prohibited(Family family, std::uint8_t type, std::uint8_t code);
/// It is the source address that the sender does not let pass (RFC 4443 section 3.1).
[[nodiscard]] bool is_source_refused(Family family, std::uint8_t type, std::uint8_t code);
/// What such a message of a router stands for that keeps packets of a connection from one end of
/// it: the host there is not found, there is no route, or a rule rejects them.
[[nodiscard]] Mechanism mechanism_of_rejection(Family family, std::uint8_t type, std::uint8_t code);

}  // namespace hopblame
