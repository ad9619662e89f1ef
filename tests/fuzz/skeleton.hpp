#pragma once
// The markup of a report without its words: what text from outside must not be able to change.

#include <string>
#include <string_view>

namespace hopblame::test {

/// Every "<" and the name after it. Raw bytes outside printable ASCII and newline: "!".
[[nodiscard]] std::string html_skeleton(std::string_view page);

/// Every character that Markdown could act on and that is neither escaped nor in a code span or
/// block, and every line break. An unclosed code span: "!".
[[nodiscard]] std::string markdown_skeleton(std::string_view text);

/// Printable ASCII and newlines; with `colour` also SGR sequences.
[[nodiscard]] bool fit_for_terminal(std::string_view text, bool colour);

}  // namespace hopblame::test
