#pragma once
// Where a rule that lets only some of the SYNs through stands: those that die before it are all
// answered, those that have to pass it are not.

#include <functional>
#include <optional>

#include "analysis/model/time.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/path/walk.hpp"

namespace hopblame {

/// The smallest limited hop count at which a SYN to the port went unanswered though that hop
/// answers, and answered every probe to the control port.
[[nodiscard]] std::optional<std::uint8_t> first_loss(const Walk& target, const Walk& control,
                                                     TimePoint until);

/// The nearest hop at which it may stand, when it stands before `begin`: nearer, it would be too
/// much luck that so many of those were answered which die in between, where each that has to pass
/// it gets through with this `share`. `asked_at`: how those fared that die at a hop.
[[nodiscard]] std::uint8_t nearest_place_of_rule(
    std::uint8_t begin, double share, const std::function<DueAnswers(std::uint8_t)>& asked_at);

}  // namespace hopblame
