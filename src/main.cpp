// hopblame: which hop or device refuses or drops a TCP connection, and the packets that prove it.

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "capture/privilege.hpp"
#include "capture/system.hpp"
#include "src/cli/command_line.hpp"
#include "src/commands/commands.hpp"
#include "src/lab/listener.hpp"
#include "src/say.hpp"
#include "src/signals.hpp"

namespace hopblame {
namespace {

int show(const Notice& notice) {
  if (notice.exit_code != 0) {
    complain(notice.text);
    if (!notice.usage.empty() && write_all(STDERR_FILENO, fmt::format("\n{}\n", notice.usage)) != 0)
      return exit_code_of::environment;
    return notice.exit_code;
  }
  return print(notice.text);
}

int run(std::vector<std::string> arguments) {
  if (const auto error = become_caller()) {
    complain("cannot " + error->doing + ": " + error_text(error->error));
    return exit_code_of::environment;
  }
  raise_raw_sockets();
  if (!arguments.empty() && arguments[0] == "lab-listener")  // the demo's own service
    return lab_listener(std::span(arguments).subspan(1));
  const auto read = read_command_line(std::move(arguments));
  if (const auto* notice = std::get_if<Notice>(&read)) return show(*notice);
  return std::visit([](const auto& options) { return run_command(options); },
                    std::get<Command>(read));
}

/// Whatever else would want memory too.
void say_out_of_memory() {
  constexpr std::string_view text = "hopblame: out of memory\n";
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

/// Nothing was thrown: there is no room for an exception either.
[[noreturn]] void end_without_exception() {
  if (std::current_exception()) std::abort();
  say_out_of_memory();
  _exit(exit_code_of::environment);
}

}  // namespace
}  // namespace hopblame

int main(int count, char** values) {
  constexpr int environment = hopblame::exit_code_of::environment;
  std::set_terminate(hopblame::end_without_exception);
  try {
    hopblame::fill_standard_descriptors();
    hopblame::catch_signals();
    return hopblame::run({values + (count > 0 ? 1 : 0), values + count});
  } catch (const std::bad_alloc&) {
    hopblame::say_out_of_memory();
  } catch (const std::exception& error) {
    hopblame::complain(error.what());
  }
  return environment;
}
