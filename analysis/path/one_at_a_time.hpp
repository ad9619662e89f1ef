#pragma once
// A service that holds one connection and refuses the next until it is free again: printers (port
// 9100), serial consoles, controllers.

#include <optional>

#include "analysis/path/port_flows.hpp"

namespace hopblame {

/// The longest time after which a SYN was still refused since one of another flow had been
/// accepted. Nothing where one was refused before any was accepted, or one was accepted sooner than
/// another had been refused: then it is not the last connection that decides.
[[nodiscard]] std::optional<Duration> held_by_last(const Contrast& contrast);

/// Every SYN that was refused came while the real connect()'s connection was up, which ended at
/// `until`, and none of another flow was accepted meanwhile. Ours last no longer than until our
/// RST.
[[nodiscard]] bool held_by_connect(const Contrast& contrast, TimePoint until);

}  // namespace hopblame
