#pragma once
// Text from outside (host, reverse names, greeting, interface) and the way any text enters a sink.
// The raw bytes of an Untrusted cannot be had back: only their printable form leaves it.

#include <cstddef>
#include <string>
#include <string_view>

#include "src/report/text_buffer.hpp"

namespace hopblame {

class Untrusted {
 public:
  explicit Untrusted(std::string raw) : raw_(std::move(raw)) {}

  [[nodiscard]] bool empty() const { return raw_.empty(); }
  /// Printable ASCII stays, every other byte becomes \xNN. A text longer than `limit` raw bytes is
  /// cut and ends in "...".
  [[nodiscard]] std::string printable(std::size_t limit = 512) const;

 private:
  std::string raw_;
};

// Sinks. Each takes any bytes, our own text too, and gives what cannot leave its place in the
// output. All go through the printable form first; newlines do not survive.

/// No byte a terminal would act on.
[[nodiscard]] std::string for_terminal(std::string_view text);

/// Element content or a quoted attribute value.
[[nodiscard]] std::string for_html(std::string_view text);

/// Inline text in a paragraph, list item or table cell: no markup, link, mention or HTML.
[[nodiscard]] std::string for_markdown(std::string_view text);

/// A code span whose fence is longer than any run inside: for text from outside, where even a bare
/// address must not become a link. `in_table` escapes the bar that would end the cell.
[[nodiscard]] std::string markdown_code(std::string_view text, bool in_table = false);

/// The content of a JSON string, between its quotes.
[[nodiscard]] std::string for_json(std::string text);
void append_for_json(TextBuffer& out, std::string_view text);

/// The text as one word of a shell command, or `fallback` when it is not a plain word.
[[nodiscard]] std::string shell_word(const Untrusted& text, std::string_view fallback);

}  // namespace hopblame
