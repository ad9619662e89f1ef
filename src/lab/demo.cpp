#include "src/lab/demo.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "src/commands/commands.hpp"
#include "src/lab/embedded.hpp"
#include "src/lab/scenario_table.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

volatile pid_t lab_group = 0;

extern "C" void hand_on(int signal) { kill(-lab_group, signal); }

std::vector<std::string> command_of(const Demo& demo, const std::string& self) {
  std::vector<std::string> command = {"bash", "-c",          lab_script,
                                      "lab",  demo.scenario, std::string(1, demo.family),
                                      self,   "probe",       "@TARGET"};
  command.insert(command.end(), demo.probe_options.begin(), demo.probe_options.end());
  return command;
}

/// In the child. The lab dies with this process: bash becomes unshare(1), which takes its
/// namespaces, and all that runs in them, with it.
[[noreturn]] void become(const std::vector<std::string>& command, pid_t parent) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == parent) execvp(words[0], words.data());
  complain("cannot run bash: " + error_text(errno));
  _exit(exit_code_of::environment);
}

/// The lab has a process group of its own, so that one signal reaches the probe exactly once.
void pass_signals_to(pid_t child) {
  lab_group = child;
  setpgid(child, child);
  struct sigaction action {};
  action.sa_handler = hand_on;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return exit_code_of::environment;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_lab(const Demo& demo, const std::string& self) {
  setenv("HOPBLAME", self.c_str(), 1);
  const auto command = command_of(demo, self);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) become(command, parent);
  if (child < 0) {
    complain("cannot start the lab: " + error_text(errno));
    return exit_code_of::environment;
  }
  pass_signals_to(child);
  return wait_for(child);
}

std::string expectation(const ScenarioRow& row) {
  if (row.outcomes == "exit-4") return "exit code 4";
  const auto hops = row.hops == "-" ? std::string() : fmt::format(", hops {}", row.hops);
  return fmt::format("{}{}: {}", row.outcomes, hops, row.mechanisms);
}

}  // namespace

std::string demo_list() {
  std::string text;
  for (const auto& row : scenario_table())
    text += fmt::format("{:20} {}\n{:20}   -> {}\n", row.id, row.fault, "", expectation(row));
  return text;
}

int run_demo(const Demo& demo) {
  const auto* row = find_scenario(demo.scenario);
  if (row == nullptr) {
    complain("no scenario '" + demo.scenario + "'; hopblame demo --list names them");
    return exit_code_of::wrong_usage;
  }
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) {
    complain("cannot find my own binary: " + error.message());
    return exit_code_of::environment;
  }
  complain(fmt::format("demo {}: {}", row->id, row->fault));
  return run_lab(demo, self.string());
}

}  // namespace hopblame
