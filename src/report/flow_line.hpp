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
  fades,   ///< it is lost here or further on: too many may be to blame
  none,    ///< the flow does not get here
};

struct FlowLine {
  std::vector<Stretch> stretches;            ///< one less than rows
  std::size_t end = 0;                       ///< the last row that the flow is known to reach
  bool stopped = false;                      ///< by the device of that row itself, not after it
  std::optional<std::size_t> answer_from{};  ///< the row that something came back from
  std::size_t answer_until = 0;              ///< and how far
};

/// The rows from the first to the last that may be to blame; absent: none.
struct Blamed {
  std::size_t first = 0, last = 0;
  /// Where among them packets are lost, nothing tells.
  [[nodiscard]] bool is_wide() const { return last - first > 1; }
};
[[nodiscard]] std::optional<Blamed> blamed_rows(const std::vector<Row>& rows);

[[nodiscard]] FlowLine target_line(const Document& document);
[[nodiscard]] FlowLine control_line(const Document& document);

}  // namespace hopblame
