#pragma once
// The address that a socket really connects to.

#include "analysis/model/address.hpp"

namespace hopblame {

/// What a socket makes of such an address: an IPv4 address in an IPv6 one is IPv4 (RFC 4291 section
/// 2.5.5.2), the unspecified one means this machine (Linux).
[[nodiscard]] IpAddress as_connected(const IpAddress& address);

}  // namespace hopblame
