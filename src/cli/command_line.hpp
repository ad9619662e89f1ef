#pragma once
// The command line to a Command. CLI11 is used behind this and nowhere else.

#include <string>
#include <variant>
#include <vector>

#include "src/cli/options.hpp"

namespace hopblame {

/// Nothing to run: --help, --version (exit code 0, for standard output), or a wrong command line
/// (exit code 2, says what was expected in one line, for standard error; may hold what was typed).
struct Notice {
  int exit_code = 0;
  std::string text;
  std::string_view usage = {};  ///< lines of ours that follow
  bool operator==(const Notice&) const = default;
};

using CommandOrNotice = std::variant<Command, Notice>;

/// `arguments` without the program's name.
[[nodiscard]] CommandOrNotice read_command_line(std::vector<std::string> arguments);

}  // namespace hopblame
