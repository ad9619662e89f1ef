#pragma once
// ICMP messages that reject a flow, and the hop that sent them.

#include <optional>

#include "analysis/path/walk.hpp"

namespace hopblame {

/// An ICMP message on which a stack gives up.
[[nodiscard]] bool is_rejection(const Reply& reply);

/// The exchange whose first answer was one; a host's "port unreachable" to a datagram is none.
[[nodiscard]] bool is_rejected(const Exchange& exchange);

/// The code for a neighbour that is not found; routing tables and rules can send it too.
[[nodiscard]] bool is_host_unreachable(const Reply& reply);

/// A stack finds the connection that a message is about by the addresses and ports of the quote: of
/// such a message it finds none.
[[nodiscard]] bool is_of_no_socket(const Exchange& asked, const Reply& message);

/// How far the probe had travelled that a message quotes, by the hop limit left to it. Absent where
/// the quote does not tell: with a checksum that does not fit, its header is not as it was quoted.
[[nodiscard]] std::optional<std::uint8_t> quoted_travel(const Exchange& asked,
                                                        const Reply& message);

/// Where the sender of a rejection that was met at that distance stands. Rules on the way and a
/// failed ARP speak after the hop-limit check (measured): then a probe that had fewer hops to go
/// drew time exceeded from the same router.
[[nodiscard]] std::uint8_t hop_of_sender(const Reply& rejection, std::uint8_t met_at,
                                         const Walk& walk, const Walk& other);

}  // namespace hopblame
