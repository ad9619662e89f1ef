#pragma once
// A router beyond the last one that passes SYNs, which speaks when a ping dies there: that it says
// nothing of SYNs shows that they do not get so far.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// The ping that died at the nearest such router, where as many SYNs to either port died unheard as
/// no chance explains.
[[nodiscard]] const Exchange* ping_beyond(const Case& the_case, std::uint8_t passed);

[[nodiscard]] std::optional<Evidence> only_pings_get_there(const Case& the_case,
                                                           std::uint8_t passed);

}  // namespace hopblame
