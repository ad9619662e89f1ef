#pragma once
// A service for the lab, so that `hopblame demo` needs no sshd.

#include <span>
#include <string>

namespace hopblame {

/// `lab-listener MODE PORT [ADDRESS...]`; all addresses of this machine unless some are given.
/// MODE: `ssh` and `smtp` greet, `silent` accepts and says nothing, `close` accepts and closes,
/// `tarpit` sends line after line,
/// `queue-full` never accepts and has filled its own accept queue. Runs until it is killed;
/// returns 4 when it cannot listen.
int lab_listener(std::span<const std::string> arguments);

}  // namespace hopblame
