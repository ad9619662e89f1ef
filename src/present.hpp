#pragma once
// A finished run to the places the user asked for: standard output, the ticket folder.

#include <functional>
#include <string>

#include "analysis/compare/comparison.hpp"
#include "analysis/model/run.hpp"
#include "analysis/model/verdict.hpp"
#include "src/cli/options.hpp"
#include "src/report/annotate.hpp"

namespace hopblame {

struct Result {
  const Run& run;
  const Analysis& analysis;
  std::string command;  ///< "probe", "read"
  /// Bytes of trace.pcapng; empty: there is none to save.
  std::function<std::string(const Annotations&)> capture;
  std::optional<std::string> excerpt_of = {};  ///< the file that `capture` is a part of
  const compare::Comparison* both = nullptr;
};

/// Writes everything, says what could not be written; the exit code of the analysis, or 4.
[[nodiscard]] int present(const Result& result, const OutputOptions& options);

/// Asked before the work is done: false, and said why, when --save would meet an older ticket.
[[nodiscard]] bool room_for_ticket(const OutputOptions& options);

/// Colours on standard output: --color, then NO_COLOR, CLICOLOR_FORCE, TERM=dumb, a terminal.
[[nodiscard]] bool wants_colour(Colour option);
[[nodiscard]] unsigned terminal_width();  ///< 100 when standard output is no terminal
[[nodiscard]] unsigned line_width();      ///< of a list of targets: no more than a report has

/// A report in this form is about one target.
[[nodiscard]] bool is_for_one_only(const OutputOptions& options);

}  // namespace hopblame
