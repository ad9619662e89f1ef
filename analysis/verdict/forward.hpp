#pragma once
// The address belongs to a device that passes the port on to a host behind it.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// `because`: what came from behind the device, or that nothing did.
[[nodiscard]] Explanation port_forward(const Case& the_case, const Where& where,
                                       std::vector<Evidence> because);

}  // namespace hopblame
