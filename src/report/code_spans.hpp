#pragma once
// Our own sentences put commands between backticks; Markdown and HTML show them as code.

#include <string_view>
#include <vector>

namespace hopblame {

struct Span {
  std::string_view text;
  bool code = false;
  bool operator==(const Span&) const = default;
};

/// In order, without the backticks; views into `sentence`. An odd number of backticks marks
/// nothing.
[[nodiscard]] std::vector<Span> code_spans(std::string_view sentence);

}  // namespace hopblame
