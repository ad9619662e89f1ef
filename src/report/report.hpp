#pragma once
// A verdict as text for people and programs. The renderers are pure: they own no facts, look
// nothing up and read no clock; the same input gives the same bytes.

#include <string>
#include <string_view>

#include "analysis/compare/comparison.hpp"
#include "analysis/model/run.hpp"
#include "analysis/model/verdict.hpp"

namespace hopblame {

struct ReportInput {
  const Run& run;
  const Analysis& analysis;
  std::string command;    ///< "probe", "read"
  std::string version;    ///< of this program
  bool redacted = false;  ///< addresses are not the real ones, and the reader is told
  /// Packets are numbered as in trace.pcapng, a part of this file (outside text, or empty).
  std::optional<std::string> excerpt_of = {};
  const compare::Comparison* both = nullptr;  ///< of `compare`, the server's capture as well
};

struct TextStyle {
  bool colour = false;
  unsigned width = 100;  ///< columns of the terminal; prose never uses more than 100
};

/// For a terminal. Printable ASCII, newlines and, with colour, SGR sequences; nothing else.
[[nodiscard]] std::string render_text(const ReportInput& input, const TextStyle& style);

/// The object of hopblame-1.schema.json, on one line.
[[nodiscard]] std::string render_json(const ReportInput& input);

/// For a ticket: GitHub flavoured Markdown, at most 60 000 characters, the answer in the first ten
/// lines.
[[nodiscard]] std::string render_markdown(const ReportInput& input);

/// One self-contained page: no script, no reference to anything outside.
/// `capture`, the bytes of trace.pcapng, is embedded as a download unless it is too large.
[[nodiscard]] std::string render_html(const ReportInput& input, std::string_view capture = {});

/// 0 open, 1 a fault was found, 3 inconclusive or the input was damaged or cut short.
[[nodiscard]] int exit_code(const Analysis& analysis);

}  // namespace hopblame
