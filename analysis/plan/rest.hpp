#pragma once
// A rest before the last tries, where a router may have a message to send and its allowance spent.

#include <optional>

#include "analysis/plan/state.hpp"

namespace hopblame {

struct Rest {
  bool wanted = false;
  std::optional<TimePoint> until;  ///< it lasts till then, if nothing disturbs it
  std::optional<TimePoint> ended;  ///< the first packet after it left
};

/// connect() was hung up in silence, and the host has answered since.
[[nodiscard]] bool is_to_call_again(const Situation& situation, const State& state);

[[nodiscard]] Rest rest_of(const Situation& situation, const State& state);

}  // namespace hopblame
