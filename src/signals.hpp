#pragma once
// SIGINT and SIGTERM: the first asks the run to stop and report what it knows, the second ends the
// process at once.

namespace hopblame {

/// Installs the handlers; also ignores SIGPIPE, so that a closed pipe is an errno.
void catch_signals();
/// The signal that asked us to stop; 0: none.
[[nodiscard]] int stop_signal();
/// Readable once a signal has come: for a wait to end. -1 when it could not be made.
[[nodiscard]] int signal_fd();

}  // namespace hopblame
