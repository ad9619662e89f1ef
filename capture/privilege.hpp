#pragma once
// What a parser's bug could be used for: nothing. Called once the raw socket and the capture are
// open and before the first received byte is parsed.

#include <optional>
#include <string>

#include "capture/system.hpp"

namespace hopblame {

/// Drops every capability for good, sets no-new-privileges and a seccomp filter: what probing,
/// name look-ups in threads and writing reports need is allowed; starting or tracing a process,
/// mounting, loading code into the kernel kill the process; anything else fails with EPERM.
/// Nothing when all of it is in force.
[[nodiscard]] std::optional<SystemError> drop_privileges();

/// First thing in main(): a program that is set-user-ID becomes who called it, with CAP_NET_RAW and
/// nothing else, so that it reads and writes files as that user. Does nothing otherwise.
[[nodiscard]] std::optional<SystemError> become_caller();

/// Next: a program whose file may have CAP_NET_RAW, and does not have it at once (setcap +p), takes
/// it. Without it, it goes on.
void raise_raw_sockets();

/// Root only, before drop_privileges(): becomes the owner of `directory` (or of the nearest parent
/// that exists), so that a run under sudo can write there without the capability to override.
[[nodiscard]] std::optional<SystemError> become_owner_of(const std::string& directory);

/// What the kernel allows this process to get, at most.
struct PrivilegeBounds {
  bool raw_sockets = true;   ///< CAP_NET_RAW is in the bounding set
  bool by_executing = true;  ///< no-new-privileges is not set
};
[[nodiscard]] PrivilegeBounds privilege_bounds();

/// "grant it with: sudo setcap cap_net_raw+ep /path/of/this/program", ready to paste; where that
/// would not help (or keep the program from being started at all), what does.
[[nodiscard]] std::string how_to_grant(const PrivilegeBounds& bounds);

}  // namespace hopblame
