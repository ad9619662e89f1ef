#pragma once
// What an application on this machine lives through.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// From connect() where it returned; else what a Linux client makes of the packets.
[[nodiscard]] AppSees app_sees(const Case& the_case, const Finding& finding);

}  // namespace hopblame
