#pragma once
// Flows to one port fare differently, and which it is decides: equal paths, or several machines
// behind one address.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_divided(const Case& the_case);
/// It looks so, but chance or a limit is not excluded; see level.hpp.
[[nodiscard]] std::optional<Finding> judge_perhaps_divided(const Case& the_case, double level);
/// Each connection anew, as a balancer deals them out.
[[nodiscard]] std::optional<Finding> judge_by_connection(const Case& the_case);

}  // namespace hopblame
