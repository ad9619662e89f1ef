#pragma once
// A call that the machine of the capture passes on under other addresses.

#include "analysis/compare/call.hpp"

namespace hopblame::compare {

/// Each such call says where it goes from there; once more to the same target it is no attempt of
/// its own, and left out.
[[nodiscard]] std::vector<Call> joined(std::vector<Call> calls);

}  // namespace hopblame::compare
