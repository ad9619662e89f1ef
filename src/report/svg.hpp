#pragma once
// The few SVG elements that the pictures are made of. Words go through for_html.

#include <string>
#include <string_view>

namespace hopblame::svg {

[[nodiscard]] std::string line(int x1, int y1, int x2, int y2, std::string_view style);
[[nodiscard]] std::string cross(int x, int y);  ///< its middle
[[nodiscard]] std::string text(int x, int y, std::string_view style, std::string_view words);

enum class Towards { up, left, right };
/// The head of an arrow, its point at x, y.
[[nodiscard]] std::string tip(int x, int y, Towards towards, std::string_view style);

}  // namespace hopblame::svg
