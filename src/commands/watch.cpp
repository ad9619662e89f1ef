#include "src/watch_log.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <nlohmann/json.hpp>

#include "capture/system.hpp"
#include "src/commands/commands.hpp"
#include "src/progress.hpp"
#include "src/redact.hpp"
#include "src/say.hpp"
#include "src/signals.hpp"

namespace hopblame {
namespace {

TimePoint now() {
  return TimePoint(
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

/// "2026-11-20 16:40:01", by the clock on the wall.
std::string local_time(TimePoint at) {
  const auto seconds = static_cast<std::time_t>(
      std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return text.data();
}

struct Probed {
  int exit_code = 0;
  std::string json;
};

/// A probe gives up every privilege it has, for good: each gets a process of its own.
/// In a group of its own: what Ctrl-C sends to ours reaches it once, through us.
[[noreturn]] void probe_in_child(const ProbeOptions& options,
                                 const std::optional<Scrambler>& scrambler, int out) {
  setpgid(0, 0);
  dup2(out, STDOUT_FILENO);
  close(out);
  auto as_json = options;
  as_json.output.format = Format::json;
  _exit(run_probe(as_json, scrambler));
}

/// Up to the end of what the child says; a signal that asks us to stop is passed on to it.
std::string listen_to(pid_t child, int in) {
  std::string heard;
  std::array<char, 4096> buffer{};
  bool told = false;
  for (;;) {
    std::array<pollfd, 2> ready{{{in, POLLIN, 0}, {told ? -1 : signal_fd(), POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return heard;
    if (stop_signal() != 0 && !told) {
      kill(child, stop_signal());
      told = true;
    }
    if (ready[0].revents == 0) continue;
    const auto got = read(in, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return heard;
    heard.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

Probed no_probe() {
  complain("cannot start a probe: " + error_text(errno));
  return {exit_code_of::environment, {}};
}

Probed probe_once(const ProbeOptions& options, const std::optional<Scrambler>& scrambler) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return no_probe();
  const pid_t child = fork_catching_signals();
  if (child == 0) {
    close(ends[0]);
    probe_in_child(options, scrambler, ends[1]);
  }
  Probed probed = child < 0 ? no_probe() : Probed{exit_code_of::environment, {}};
  close(ends[1]);
  if (child > 0) {
    probed.json = listen_to(child, ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (WIFEXITED(status)) probed.exit_code = WEXITSTATUS(status);
  }
  close(ends[0]);
  return probed;
}

/// False: asked to stop.
bool wait_until(std::chrono::steady_clock::time_point when) {
  while (stop_signal() == 0) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(when - std::chrono::steady_clock::now());
    if (left.count() <= 0) return true;
    pollfd ready{signal_fd(), POLLIN, 0};
    poll(&ready, 1, static_cast<int>(left.count()));
  }
  return false;
}

class Watch {
 public:
  /// One key for all probes: else each would show other addresses, and each would be news.
  Watch(const WatchOptions& options, const std::optional<Scrambler>& scrambler)
      : options_(options),
        scrambler_(scrambler),
        as_json_(options.probe.output.format == Format::json) {}

  int run() {
    stop_when_asked();
    if (!as_json_ && shows_progress())
      complain(fmt::format("asking port {} of {} every {}; Ctrl-C ends it and sums up",
                           options_.probe.port, options_.probe.host,
                           length_text(options_.interval)));
    for (unsigned round = 1;; ++round) {
      const auto next = std::chrono::steady_clock::now() + options_.interval;
      const auto at = now();
      const auto probed = probe_once(options_.probe, scrambler_);
      const auto state = watch_state(probed.json);
      if (stop_signal() != 0 && round == 1) return tell_unfinished(at, probed, state);
      if (!state && round == 1) return probed.exit_code;
      if (stop_signal() == 0 && !tell(at, probed, state)) return exit_code_of::environment;
      if (round == options_.count || !wait_until(next)) return sum_up(probed.exit_code);
    }
  }

 private:
  bool tell(TimePoint at, const Probed& probed, const std::optional<WatchState>& state) {
    const auto known =
        state.value_or(WatchState{fmt::format("no probe, exit code {}", probed.exit_code), "", ""});
    const auto news = log_.note(at, known);
    if (as_json_) return put(state ? object(probed.json) : "");
    return !news || put(fmt::format("{}  {}\n", local_time(at), *news));
  }

  /// Later ones are not told: what came before them says more.
  int tell_unfinished(TimePoint at, const Probed& probed,
                      const std::optional<WatchState>& state) const {
    const auto known = state ? to_string(*state) : "nothing yet";
    const auto text = as_json_ ? (state ? object(probed.json) : "")
                               : fmt::format("{}  stopped in the first probe. What is known: {}\n",
                                             local_time(at), known);
    return put(text) ? 128 + stop_signal() : exit_code_of::environment;
  }

  static std::string object(const std::string& json) {
    auto report = nlohmann::ordered_json::parse(json, nullptr, false);
    report["command"] = "watch";
    return report.dump() + "\n";
  }

  int sum_up(int exit_code) const {
    if (!as_json_ && !put(log_.summary(now()))) return exit_code_of::environment;
    return stop_signal() == 0 ? exit_code : 128 + stop_signal();
  }

  static bool put(const std::string& text) { return print(text) == 0; }

  const WatchOptions& options_;
  const std::optional<Scrambler>& scrambler_;
  bool as_json_;
  WatchLog log_;
};

}  // namespace

int run_command(const WatchOptions& options) {
  std::optional<Scrambler> scrambler;
  if (options.probe.output.redact && !(scrambler = scrambler_for(options.probe.output)))
    return exit_code_of::environment;
  return Watch(options, scrambler).run();
}

}  // namespace hopblame
