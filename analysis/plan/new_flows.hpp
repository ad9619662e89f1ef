#pragma once
// The same SYN on new flows, each with a number of its own (Question::lane).

#include <vector>

#include "analysis/model/exchange.hpp"
#include "analysis/plan/wants.hpp"

namespace hopblame {

/// As many as show whether the answer is always the same.
inline constexpr std::uint8_t few_flows = 3;
/// Scouts die on the way; their numbers are beyond those of all bursts.
inline constexpr std::uint8_t first_scout = 40;
/// Beyond those of the scouts, and before those without our mark.
inline constexpr std::uint8_t first_fresh = 56, shut_out_flow = 59;

/// Once on each of the flows `first` to `last`.
void ask_on(std::vector<Want>& wants, Aim aim, unsigned first, unsigned last, HopLimit hop_limit,
            Rhythm rhythm);

/// A SYN of ours that nothing on the way need stop.
[[nodiscard]] bool is_full_syn(const Exchange& exchange, Aim aim);

}  // namespace hopblame
