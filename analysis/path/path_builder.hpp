#pragma once
// Walks to hops: who answered at each distance, on which flow.

#include <optional>

#include "analysis/model/path.hpp"
#include "analysis/model/verdict.hpp"
#include "analysis/path/walk.hpp"

namespace hopblame {

/// Where the judge found the end of the target's flow: a router that rejects what it should forward
/// lets the probes that die at it pass, so the walk alone would put the end one hop too far.
struct FlowEnd {
  std::uint8_t hop = 0;
  FlowState state = FlowState::answers;
  bool of_owner = false;  ///< at the host that owns the address
};

/// Hops from 1 to the end of the farther flow, or one past the last hop that answered. `at_owner`:
/// the target's flow ends at the host that owns the address, whatever the other flow met there.
[[nodiscard]] Path build_path(const Walk& target, const Walk& control,
                              std::optional<FlowEnd> target_end, bool at_owner = false);

/// Where a flow with this outcome ends, when one device is to blame: at that device's own hop,
/// although probes that die there pass.
[[nodiscard]] std::optional<FlowEnd> flow_end(Outcome outcome, const Where& blamed);

}  // namespace hopblame
