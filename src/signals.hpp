#pragma once
// SIGINT and SIGTERM end the process at once, with the exit code of the contract; while a run is
// being made the first one asks it to stop and report what it knows.

#include <signal.h>
#include <sys/types.h>

namespace hopblame {

/// Installs the handlers; also ignores SIGPIPE, so that a closed pipe is an errno. Called again it
/// forgets what came before.
void catch_signals();
/// From now on the first signal only asks.
void stop_when_asked();
/// The signal that asked us to stop; 0: none.
[[nodiscard]] int stop_signal();
/// Readable once a signal has come: for a wait to end. -1 when it could not be made.
[[nodiscard]] int signal_fd();

/// fork(2), but the child catches its signals anew: with the pipe of its parent it would wake that
/// one as well, who was not asked to stop. -1 and errno: no child was made.
[[nodiscard]] pid_t fork_catching_signals();

/// While one lives SIGINT and SIGTERM wait: what must be whole or not at all is written in between.
/// SIGQUIT and SIGKILL still end the process, should the disk hang.
class SignalsWait {
 public:
  SignalsWait();
  ~SignalsWait();
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  sigset_t before_;
};

}  // namespace hopblame
