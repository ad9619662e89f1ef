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
/// Linux writes an ICMP error of its own with an identification and without DF; one made up at
/// device ingress, on a router or a bridge, has identification 0, DF and ToS 0, or no flow label
/// (measured).
[[nodiscard]] bool looks_made_up(const Reply& reply);
/// possible: nothing but the way back, or how it is written, speaks for it.
enum class Forgery : std::uint8_t { no, possible, yes };
/// In the destination's name from a place that is not the destination's: a box on the way made it
/// (a rule at device ingress forges the source, measured).
[[nodiscard]] Forgery forged_on_the_way(const Case& the_case, const RejectionFacts& facts);

/// The kernel of a router on the way wrote it, in the destination's name, which it does where it
/// gave the port another destination: the name is put on all that comes back, messages too.
[[nodiscard]] bool is_translated(const Case& the_case, const RejectionFacts& facts);

}  // namespace hopblame
