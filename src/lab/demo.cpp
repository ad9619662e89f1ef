#include "src/lab/demo.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "capture/system.hpp"
#include "src/exit_codes.hpp"
#include "src/lab/embedded.hpp"
#include "src/lab/scenario_table.hpp"
#include "src/progress.hpp"
#include "src/report/wrap.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

volatile pid_t lab_group = 0;
volatile int probe_begins = -1;  ///< readable from then on
volatile std::sig_atomic_t cut_off = 0;

bool has_begun() {
  pollfd ready{probe_begins, POLLIN, 0};
  return poll(&ready, 1, 0) > 0;
}

/// The probe reports what it knows. Before it runs there is nothing to report, and the programs
/// that build the network would each make something else of the signal: bash, which is the init of
/// its namespace there, nothing.
extern "C" void hand_on(int signal) {
  const int saved = errno;
  if (cut_off == 0 && !has_begun()) cut_off = signal;
  kill(-lab_group, cut_off == 0 ? signal : SIGKILL);
  errno = saved;
}

std::vector<std::string> command_of(const Demo& demo, char family, const std::string& self) {
  std::vector<std::string> command = {"bash", "-c",          lab_script,
                                      "lab",  demo.scenario, std::string(1, family),
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
  if (cut_off != 0) return 128 + cut_off;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int cannot_start() {
  complain("cannot start the lab: " + error_text(errno));
  return exit_code_of::environment;
}

int run_lab(const Demo& demo, char family, const std::string& self) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return cannot_start();
  setenv("HOPBLAME", self.c_str(), 1);
  setenv("LAB_BEGINS", std::to_string(ends[1]).c_str(), 1);
  const auto command = command_of(demo, family, self);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) become(command, parent);
  if (child < 0) return cannot_start();
  close(ends[1]);
  probe_begins = ends[0];
  pass_signals_to(child);
  return wait_for(child);
}

/// "4..4" is "hop 4", "<=1..4" is "within hop 1 to 4".
std::string hops_text(std::string_view hops) {
  const bool at_most = hops.starts_with("<=");
  if (at_most) hops.remove_prefix(2);
  const auto dots = hops.find("..");
  if (dots == std::string_view::npos) return {};
  const auto first = hops.substr(0, dots), last = hops.substr(dots + 2);
  if (first == last) return fmt::format(", hop {}", first);
  return fmt::format(", {} {} to {}", at_most ? "within hop" : "hop", first, last);
}

/// "filter-drop 2:answer-lost@1..4" is "filter-drop; rarer answer-lost".
std::string mechanisms_text(std::string_view words) {
  std::string likely, rarer;
  for (const auto word : split(words, ' ')) {
    const bool rare = word.starts_with("2:");
    auto& list = rare ? rarer : likely;
    const auto name = word.substr(rare ? 2 : 0);
    list += fmt::format("{}{}", list.empty() ? "" : ", ", name.substr(0, name.find('@')));
  }
  return rarer.empty() ? likely : fmt::format("{}; rarer {}", likely, rarer);
}

std::string outcomes_text(std::string_view words) {
  return fmt::format("{}", fmt::join(split(words, ' '), " or "));
}

std::string expectation(const ScenarioRow& row) {
  if (row.outcomes == "exit-4") return "exit code 4";
  return fmt::format("{}{}: {}", outcomes_text(row.outcomes), hops_text(row.hops),
                     mechanisms_text(row.mechanisms));
}

/// Some faults are of one family only.
char family_of(const Demo& demo, const ScenarioRow& row) {
  return row.families.find(demo.family) == std::string_view::npos ? row.families.front()
                                                                  : demo.family;
}

}  // namespace

std::string demo_list() {
  constexpr std::size_t width = 100;
  std::string text;
  for (const auto& row : scenario_table())
    text += paragraph(fmt::format("{:20} ", row.id), row.fault, width) +
            paragraph(fmt::format("{:20}   -> ", ""), expectation(row), width);
  return text;
}

std::string demo_list_json() {
  auto listed = nlohmann::ordered_json::array();
  for (const auto& row : scenario_table())
    listed.push_back({{"scenario", row.id},
                      {"families", split(row.families, ' ')},
                      {"fault", row.fault},
                      {"expected", expectation(row)}});
  return nlohmann::ordered_json{{"command", "demo"}, {"scenarios", std::move(listed)}}.dump(2) +
         "\n";
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
  if (shows_progress()) complain(fmt::format("demo {}: {}", row->id, row->fault));
  return run_lab(demo, family_of(demo, *row), self.string());
}

}  // namespace hopblame
