// Any bytes as a command line, arguments divided by zero bytes: a command whose values are in
// their bounds, or one line that says what is wrong.
#include <algorithm>
#include <cstdlib>

#include "src/cli/command_line.hpp"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = read_command_line(arguments_of({reinterpret_cast<const char*>(data), size}));
  if (const auto* notice = std::get_if<Notice>(&read))
    require(!notice->text.empty() && (notice->exit_code == 0 || notice->exit_code == 2));
  else
    std::visit([](const auto& options) { check(options); }, std::get<Command>(read));
  return 0;
}
