#pragma once
// Where a rule that lets only some of the SYNs through stands: those that die before it are all
// answered, those that have to pass it are not.

#include <optional>

#include "analysis/model/time.hpp"
#include "analysis/path/walk.hpp"

namespace hopblame {

/// The smallest limited hop count at which a SYN to the port went unanswered though that hop
/// answers, and answered every probe to the control port.
[[nodiscard]] std::optional<std::uint8_t> first_loss(const Walk& target, const Walk& control,
                                                     TimePoint until);

}  // namespace hopblame
