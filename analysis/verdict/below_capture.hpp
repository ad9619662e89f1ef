#pragma once
// Rules of this machine that the capture does not show: it is on an interface that stands on other
// links (a bridge, bond, VLAN, macvlan), and theirs see packets after it.

#include "analysis/verdict/silence_facts.hpp"

namespace hopblame {

/// Adds those that fit this silence.
void add_below_capture(const Case& the_case, const SilenceFacts& facts,
                       std::vector<Explanation>& found);

}  // namespace hopblame
