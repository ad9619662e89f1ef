#pragma once
// How the flows to the port fared, in words.

#include <string>

#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// "Of 12 flows to port 22, 7 were accepted and 5 refused": one that fared in both ways is counted
/// by itself. Without a full stop.
[[nodiscard]] std::string counted(const Case& the_case, const Contrast& contrast);

/// Goes on from there: what decides, where the flow does.
[[nodiscard]] const char* who_decides(const Contrast& contrast);

}  // namespace hopblame
