#pragma once
// Where a limit on new connections to one port stands.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Before the first hop at which SYNs went missing, and after those whose answers cannot all be
/// luck: a SYN that has to pass it gets through with the share measured.
[[nodiscard]] Where limit_place(const Case& the_case);

}  // namespace hopblame
