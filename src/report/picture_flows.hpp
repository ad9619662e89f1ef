#pragma once
// The lines of the path's picture: the way there of both flows, the way back of what was answered.

#include <string>
#include <vector>

#include "src/report/flow_line.hpp"

namespace hopblame::picture {

// Rows are boxes below each other; coordinates in pixels.
inline constexpr int top = 56, pitch = 62, half_box = 17, box_left = 14, box_width = 68;
inline constexpr int target_x = 36, target_back_x = 24, control_x = 60, control_back_x = 72;

[[nodiscard]] inline int y_of(std::size_t row) { return top + static_cast<int>(row) * pitch; }

[[nodiscard]] std::string target_flow(const FlowLine& flow, bool forged);
[[nodiscard]] std::string control_flow(const FlowLine& flow);
/// Around the rows of which one is meant, beside the boxes.
[[nodiscard]] std::string bracket(std::size_t from, std::size_t to);
/// An arrow from one row back up to another, beside the boxes.
[[nodiscard]] std::string round_trip(std::size_t from, std::size_t to);

}  // namespace hopblame::picture
