// Any bytes as a command line, arguments divided by zero bytes: a command whose values are in
// their bounds, or one line that says what is wrong. Declaring the options takes ten times as long
// as reading a line: that is done once, and for one line in sixty-four to see that it reads the
// same.
#include <algorithm>
#include <cstdlib>
#include <map>

#include "src/cli/command_parser.hpp"

using namespace hopblame;

namespace {

constexpr std::size_t most_arguments = 24;

std::vector<std::string> arguments_of(std::string_view bytes) {
  std::vector<std::string> arguments;
  while (!bytes.empty() && arguments.size() < most_arguments) {
    const auto end = std::min(bytes.find('\0'), bytes.size());
    arguments.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return arguments;
}

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const ProbeOptions& probe) {
  using namespace std::chrono_literals;
  require(!probe.host.empty() && probe.port != 0 && probe.max_hops >= 1);
  require(probe.tries >= 1 && probe.tries <= 10 && probe.rate >= 1 && probe.rate <= 1000);
  require(!probe.patience || (*probe.patience >= 10ms && *probe.patience <= 60s));
  require(!probe.control_port || *probe.control_port != probe.port);
  require(!probe.source || !probe.family || probe.source->family == *probe.family);
}
void check(const WatchOptions& watch) { check(watch.probe); }
void check(const ReadOptions& read) { require(!read.files.empty()); }
void check(const auto&) {}

void check(const Notice& notice) {
  require(!notice.text.empty() && (notice.exit_code == 0 || notice.exit_code == 2));
}
void check(const Command& command) {
  std::visit([](const auto& options) { check(options); }, command);
}

using Parsers = std::map<std::string, CommandParser>;

CommandOrNotice read(Parsers& parsers, std::vector<std::string> arguments) {
  const auto command = take_command(arguments);
  const auto parser = parsers.try_emplace(command.name + (command.first ? "!" : ""), command);
  return parser.first->second.read(std::move(arguments));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto line = arguments_of({reinterpret_cast<const char*>(data), size});
  static Parsers parsers;
  const auto read_again = read(parsers, line);
  std::visit([](const auto& either) { check(either); }, read_again);
  static unsigned count = 0;
  if (++count % 64 == 0) require(read_again == read_command_line(line));
  if (count % 4096 == 0) parsers.clear();  // CLI11 remembers the order of all it ever read
  return 0;
}
