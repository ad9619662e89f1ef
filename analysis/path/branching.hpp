#pragma once
// Does the path visibly divide? Flows then may meet what others do not.

#include <optional>

#include "analysis/path/port_flows.hpp"
#include "analysis/path/walk.hpp"

namespace hopblame {

/// The first hop at which several routers answered probes that died there, on any flow. The name of
/// the one who is asked is no router's own: a device that passes the port on writes it over theirs.
[[nodiscard]] std::optional<std::uint8_t> branches_at(const Walk& target, const Walk& control);

/// Other routers answered one flow than the other at the last hop where both are known: from there
/// on the numbers of the one say nothing of the other, for equal paths need not be equally long.
[[nodiscard]] bool take_other_ways(const Walk& target, const Walk& control);

/// At least two flows kept silent whenever they were asked, twice or more, and no other flow ever
/// did: one of several equal paths may swallow them.
[[nodiscard]] bool some_stay_silent(const std::vector<PortFlow>& flows);

}  // namespace hopblame
