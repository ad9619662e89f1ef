#include "src/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace hopblame {
namespace {

volatile std::sig_atomic_t caught = 0, only_ask = 0;
int wake_pipe[2] = {-1, -1};

void on_signal(int number) {
  if (only_ask == 0 || caught != 0) _exit(128 + number);
  caught = number;
  if (::write(wake_pipe[1], "", 1) < 0) return;  // a full pipe wakes as well
}

}  // namespace

void catch_signals() {
  caught = 0;
  only_ask = 0;
  for (const int end : wake_pipe)
    if (end >= 0) ::close(end);
  if (pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0) wake_pipe[0] = wake_pipe[1] = -1;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
  sigaction(SIGXFSZ, &action, nullptr);  // a write beyond the limit then fails, and is told
}

void stop_when_asked() { only_ask = 1; }

int stop_signal() { return caught; }

int signal_fd() { return wake_pipe[0]; }

pid_t fork_catching_signals() {
  const SignalsWait wait;
  const pid_t child = fork();
  if (child == 0) catch_signals();
  return child;
}

SignalsWait::SignalsWait() {
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &both, &before_);
}

SignalsWait::~SignalsWait() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace hopblame
