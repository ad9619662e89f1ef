#pragma once
// One address, two hardware addresses that answer for it on this machine's own link: an address
// given to two machines (RFC 5227), a redundancy pair, proxy ARP, or two links of one machine. What
// was heard then holds for the one that the packets went to.

#include <optional>

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Of the gateway, or of a target on this link; as the caveat tells it.
[[nodiscard]] std::optional<Text> told_by_two(const Case& the_case);

/// Nothing is certain of what either of two machines may have said; and where nothing shows that
/// packets came past the gateway, whoever stands in for it may lose them.
void doubt_owner(const Case& the_case, Finding& finding);

}  // namespace hopblame
