#pragma once
// The mechanisms that answer a SYN with an ICMP message, as explanations.

#include "analysis/verdict/rejections.hpp"

namespace hopblame {

[[nodiscard]] Explanation rule_on_host(const Case& the_case, const RejectionFacts& facts);
[[nodiscard]] Explanation rule_on_router(const Case& the_case, const RejectionFacts& facts);
/// A routing table that has no route, or prohibits it.
[[nodiscard]] Explanation route(const Case& the_case, const RejectionFacts& facts);
/// The same for one port alone.
[[nodiscard]] Explanation route_by_port(const Case& the_case, const RejectionFacts& facts);
/// A router gave the port another destination, put the owner's name on its own message, and has no
/// route there.
[[nodiscard]] Explanation route_of_translated(const Case& the_case, const RejectionFacts& facts);
/// The owner of the address passes the port on, and has no route to the host behind it.
[[nodiscard]] Explanation route_behind(const Case& the_case, const RejectionFacts& facts,
                                       const Where& where, unsigned rank);
/// Nobody answers at this hop. Where the host answers others from farther on, or a router stands
/// there on other ways, a router is missing on the way of this flow.
[[nodiscard]] Where missing_machine(const Case& the_case, std::uint8_t hop);
[[nodiscard]] Explanation host_down(const Case& the_case, const RejectionFacts& facts);

}  // namespace hopblame
