#include "src/watch_probe.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "capture/system.hpp"
#include "src/commands/commands.hpp"
#include "src/say.hpp"
#include "src/signals.hpp"

namespace hopblame {
namespace {

struct Pipe {
  Descriptor in, out;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return {};
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// In a group of its own: what Ctrl-C sends to ours reaches it once, through us.
[[noreturn]] void probe_in_child(const ProbeOptions& options,
                                 const std::optional<Scrambler>& scrambler, int out,
                                 int complaints) {
  setpgid(0, 0);
  dup2(out, STDOUT_FILENO);
  complain_also_to(complaints);
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

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  const auto start = text.rfind('\n');
  return start == std::string::npos ? text : text.substr(start + 1);
}

Probed no_probe() {
  const auto why = "cannot start a probe: " + error_text(errno);
  complain(why);
  return {exit_code_of::environment, {}, why};
}

}  // namespace

Probed probe_once(const ProbeOptions& options, const std::optional<Scrambler>& scrambler) {
  auto said = make_pipe(), complained = make_pipe();
  if (!said || !complained) return no_probe();
  const pid_t child = fork_catching_signals();
  if (child < 0) return no_probe();
  if (child == 0) probe_in_child(options, scrambler, said->out.get(), complained->out.get());
  said->out.close();
  complained->out.close();
  Probed probed{exit_code_of::environment, listen_to(child, said->in.get()), {}};
  // Few and short: they wait in the pipe for as long as the child lives.
  probed.complaint = last_line(listen_to(child, complained->in.get()));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status)) probed.exit_code = WEXITSTATUS(status);
  return probed;
}

}  // namespace hopblame
