#pragma once
// One command and its options, for CLI11. Declaring them is most of the work: the fuzzer does it
// once and reads millions of command lines.

#include <string>
#include <vector>

#include "src/cli/command_line.hpp"
#include "src/cli/declare.hpp"

namespace hopblame {

struct Named {
  std::string name;    ///< "probe" unless another was named
  bool first = false;  ///< it was the first word: its help is asked for, not the program's
};

/// Takes the command's name out of `arguments`: the first that is no option, if it is one.
[[nodiscard]] Named take_command(std::vector<std::string>& arguments);

class CommandParser {
 public:
  explicit CommandParser(Named command);
  CommandParser(const CommandParser&) = delete;  // the options point into typed_
  CommandParser& operator=(const CommandParser&) = delete;

  /// `arguments` without the command's name. What was read before does not matter.
  [[nodiscard]] CommandOrNotice read(std::vector<std::string> arguments);

 private:
  std::string command_;
  Typed typed_;
  CLI::App app_;
};

}  // namespace hopblame
