#pragma once
// What this machine's own link and address say about where packets may be lost.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// By a tunnel, PPP or modem: another network carries its packets to the next hop.
[[nodiscard]] bool leaves_by_tunnel(const Case& the_case);
[[nodiscard]] Evidence carried_by_another(const Case& the_case);
/// Nothing at all came back by it.
[[nodiscard]] Explanation tunnel_unheard(const Case& the_case);

/// Nobody outside its site knows a way back to this machine's address (RFC 4193 section 4.1).
[[nodiscard]] std::optional<Evidence> source_of_a_site(const Case& the_case);

}  // namespace hopblame
