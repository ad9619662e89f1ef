#include "src/cli/command_line.hpp"

#include <algorithm>
#include <array>

#include "src/cli/command_parser.hpp"

namespace hopblame {
namespace {

constexpr std::array command_names{"probe", "read", "compare", "demo", "watch", "explain"};

constexpr std::string_view aim =
    "Says which hop or device refuses or drops a TCP connection, and shows the packets that prove "
    "it.\n\n";

constexpr std::string_view usage =
    "  hopblame HOST [PORT]           probe live (the same as: hopblame probe HOST [PORT])\n"
    "  hopblame read FILE...          ask the same of saved captures\n"
    "  hopblame compare CLIENT SERVER two captures of one attempt, one from each end\n"
    "  hopblame watch HOST [PORT]     probe again and again, tell what changed and when\n"
    "  hopblame demo [SCENARIO]       a small network with a fault in it, probed live\n"
    "  hopblame explain WORD          what a word of a report means and how to fix it\n\n"
    "hopblame COMMAND --help tells the options of a command";

std::string overview() {
  return std::string(aim).append(usage).append("; these are those of probe:\n");
}

/// Options that are followed by a value of their own, in a command line not understood yet.
bool takes_value(const std::string& option) {
  constexpr std::array with_value{
      "-p",         "--port",  "-i",      "--interface", "-s",         "-m",      "--max-hops",
      "-q",         "--tries", "-w",      "--source",    "--patience", "--rate",  "--control-port",
      "--format",   "--save",  "--color", "--filter",    "--target",   "--local", "--redact-key",
      "--interval", "--count"};
  return std::ranges::find(with_value, option) != with_value.end();
}

bool is_command(const std::string& word) {
  return std::ranges::find(command_names, word) != command_names.end();
}

Notice wrong(const std::string& text, const std::string& command) {
  const std::string help =
      command == "probe" ? "hopblame --help" : "hopblame " + command + " --help";
  return {2, text + " (see " + help + ")"};
}

}  // namespace

Named take_command(std::vector<std::string>& arguments) {
  const bool first = !arguments.empty() && is_command(arguments.front());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (takes_value(arguments[i]))
      ++i;
    else if (arguments[i].empty() || arguments[i].front() != '-') {
      if (!is_command(arguments[i])) break;
      std::string name = arguments[i];
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i));
      return {name, first};
    }
  }
  return {"probe", first};
}

CommandParser::CommandParser(Named command)
    : command_(std::move(command.name)),
      app_(command.first ? "" : overview(), command.first ? "hopblame " + command_ : "hopblame") {
  declare_options(app_, command_, typed_);
}

CommandOrNotice CommandParser::read(std::vector<std::string> arguments) {
  typed_ = {};
  try {
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    app_.parse(arguments);
    return checked(command_, typed_);
  } catch (const CLI::CallForHelp&) {
    return Notice{0, app_.help()};
  } catch (const CLI::CallForVersion& version) {
    return Notice{0, std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    return wrong(error.what(), command_);
  } catch (const Wrong& error) {
    return wrong(error.text, command_);
  }
}

CommandOrNotice read_command_line(std::vector<std::string> arguments) {
  if (arguments.empty()) return Notice{2, "HOST is missing", usage};
  const auto command = take_command(arguments);
  return CommandParser(command).read(std::move(arguments));
}

}  // namespace hopblame
