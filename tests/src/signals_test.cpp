#include "src/signals.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

bool is_woken(int milliseconds) {
  pollfd ready{signal_fd(), POLLIN, 0};
  return poll(&ready, 1, milliseconds) != 0;
}

[[noreturn]] void stop_as_asked() {
  stop_when_asked();
  raise(SIGTERM);
  _exit(is_woken(1000) ? stop_signal() : 0);
}

}  // namespace

TEST_CASE("a signal to a child alone stops the child and does not wake its parent") {
  catch_signals();
  stop_when_asked();
  const pid_t child = fork_catching_signals();
  if (child == 0) stop_as_asked();
  REQUIRE(child > 0);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == SIGTERM);
  CHECK(stop_signal() == 0);
  CHECK_FALSE(is_woken(0));
}
