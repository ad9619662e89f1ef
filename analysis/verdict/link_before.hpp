#pragma once
// What has no hop of its own, and so no number.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// A switch, bridge or hypervisor on the link before this one hop meets the same packets as a rule
/// there that looks before the hop limit is counted down: no walk tells them apart. Then `found`
/// says so.
void tell_link_before(const Case& the_case, Explanation& found);

/// The same of what may be anywhere from this hop on.
[[nodiscard]] Evidence link_before(const Case& the_case, std::uint8_t hop);

}  // namespace hopblame
