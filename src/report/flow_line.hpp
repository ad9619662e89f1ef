#pragma once
// How far a flow gets, row by row: what the picture draws.

#include <optional>
#include <vector>

#include "src/report/document.hpp"

namespace hopblame {

/// The stretch from one row to the next.
enum class Stretch : std::uint8_t {
  passes,
  unsure,  ///< the flow comes out further on, though the row itself says nothing
  cut,     ///< it goes in and does not come out
  none,    ///< the flow does not get here
};

struct FlowLine {
  std::vector<Stretch> stretches;            ///< one less than rows
  std::size_t end = 0;                       ///< the last row that the flow is known to reach
  bool stopped = false;                      ///< by the device of that row itself, not after it
  std::optional<std::size_t> answer_from{};  ///< the row that something came back from
  std::size_t answer_until = 0;              ///< and how far
};

[[nodiscard]] FlowLine target_line(const Document& document);
[[nodiscard]] FlowLine control_line(const Document& document);

}  // namespace hopblame
