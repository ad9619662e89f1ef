// Commands that are not there yet. Each moves to a file of its own when it comes.

#include "src/commands/commands.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

int not_there(const char* command) {
  complain(std::string(command) + " is not part of this version yet");
  return exit_code_of::wrong_usage;
}

}  // namespace

int run_command(const WatchOptions&) { return not_there("watch"); }

}  // namespace hopblame
