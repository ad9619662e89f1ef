#pragma once
// The mechanisms that answer a SYN with a RST, as explanations.

#include "analysis/verdict/resets.hpp"

namespace hopblame {

[[nodiscard]] Explanation closed_port(const Case& the_case, const Resets& resets,
                                      const Where& where);
[[nodiscard]] Explanation host_firewall(const Case& the_case, const Resets& resets,
                                        const Where& where);
[[nodiscard]] Explanation middlebox(const Case& the_case, const Resets& resets, const Where& where);
[[nodiscard]] Explanation injected(const Case& the_case, const Resets& resets, const Where& where);
[[nodiscard]] Explanation reset_behind_forward(const Case& the_case, const Resets& resets,
                                               const Where& where);

}  // namespace hopblame
