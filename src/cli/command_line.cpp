#include "src/cli/command_line.hpp"

#include <algorithm>
#include <array>

#include "src/cli/declare.hpp"

namespace hopblame {
namespace {

constexpr std::array command_names{"probe", "read", "compare", "demo", "watch", "explain"};

constexpr const char* overview =
    "Says which hop or device refuses or drops a TCP connection, and shows the packets that prove "
    "it.\n\n"
    "  hopblame HOST [PORT]           probe live (the same as: hopblame probe HOST [PORT])\n"
    "  hopblame read FILE...          ask the same of saved captures\n"
    "  hopblame compare CLIENT SERVER two captures of one attempt, one from each end\n"
    "  hopblame watch HOST [PORT]     probe again and again, tell what changed and when\n"
    "  hopblame demo [SCENARIO]       a small network with a fault in it, probed live\n"
    "  hopblame explain WORD          what a word of a report means and how to fix it\n\n"
    "hopblame COMMAND --help tells the options of a command; these are those of probe:\n";

/// Options that are followed by a value of their own, in a command line not understood yet.
bool takes_value(const std::string& option) {
  constexpr std::array with_value{
      "-p",         "--port",  "-i",      "--interface", "-s",         "-m",      "--max-hops",
      "-q",         "--tries", "-w",      "--source",    "--patience", "--rate",  "--control-port",
      "--format",   "--save",  "--color", "--filter",    "--target",   "--local", "--redact-key",
      "--interval", "--count"};
  return std::ranges::find(with_value, option) != with_value.end();
}

/// Takes the command's name out of `arguments`: the first that is no option, if it is one. Else the
/// command is `probe`.
std::string take_command(std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (takes_value(arguments[i]))
      ++i;
    else if (arguments[i].empty() || arguments[i].front() != '-') {
      if (std::ranges::find(command_names, arguments[i]) == command_names.end()) break;
      std::string name = arguments[i];
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i));
      return name;
    }
  }
  return "probe";
}

Notice wrong(const std::string& text, const std::string& command) {
  const std::string help =
      command == "probe" ? "hopblame --help" : "hopblame " + command + " --help";
  return {2, text + " (see " + help + ")"};
}

}  // namespace

std::variant<Command, Notice> read_command_line(std::vector<std::string> arguments) {
  const bool named = !arguments.empty() &&
                     std::ranges::find(command_names, arguments.front()) != command_names.end();
  const auto command = take_command(arguments);
  Typed typed;
  CLI::App app(named ? "" : overview, named ? "hopblame " + command : "hopblame");
  try {
    declare_options(app, command, typed);
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    app.parse(arguments);
    return checked(command, typed);
  } catch (const CLI::CallForHelp&) {
    return Notice{0, app.help()};
  } catch (const CLI::CallForVersion& version) {
    return Notice{0, std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    return wrong(error.what(), command);
  } catch (const Wrong& error) {
    return wrong(error.text, command);
  }
}

}  // namespace hopblame
