#pragma once
// Where an ICMP message was made: the sender's own name, the walk, the quote and the way back.

#include "analysis/verdict/rejections.hpp"

namespace hopblame {

/// How far the quoted probe had travelled.
[[nodiscard]] std::optional<std::uint8_t> quoted_travel(const RejectionFacts& facts);
/// Of the router that sent it. `routing`: its routing table did, which speaks before forwarding.
[[nodiscard]] Where router_place(const Case& the_case, const RejectionFacts& facts, bool routing);
/// Of a router that failed to find its neighbour.
[[nodiscard]] std::uint8_t sender_hop(const RejectionFacts& facts);
/// In the destination's name from a place that is not the destination's.
[[nodiscard]] bool forged_on_the_way(const Case& the_case, const RejectionFacts& facts);

}  // namespace hopblame
