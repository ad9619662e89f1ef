#pragma once
// Bytes to an Observation. Total: whatever comes, it returns; what cannot be read is Unreadable.

#include "analysis/model/observation.hpp"
#include "capture/frame.hpp"

namespace hopblame {

[[nodiscard]] Observation decode(const Frame& frame) noexcept;

}  // namespace hopblame
