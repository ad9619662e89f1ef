#pragma once
// A segment that was cut in IP fragments is one packet, as its receiver puts it together.

#include <span>
#include <vector>

#include "analysis/model/ip_piece.hpp"
#include "analysis/model/observation.hpp"

namespace hopblame::compare {

struct Fragment {
  Observation* packet = nullptr;
  IpPiece piece;
};

/// In the order of the capture. Where all are there the first tells the length of the whole.
/// Returns the first ones of the others, in order.
[[nodiscard]] std::vector<FrameId> reassemble(std::span<const Fragment> fragments);

}  // namespace hopblame::compare
