#include "capture/privilege.hpp"

#include <cap-ng.h>
#include <grp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>

#include "capture/printable.hpp"
#include "capture/seccomp_rules.hpp"

namespace hopblame {
namespace {

/// Emptying the bounding set takes CAP_SETPCAP, which the file capability does not give; without
/// permitted capabilities and with no-new-privileges nothing can come out of it.
bool drop_capabilities() {
  capng_clear(CAPNG_SELECT_ALL);
  [[maybe_unused]] const int without_setpcap = capng_apply(CAPNG_SELECT_BOUNDS);
  capng_clear(CAPNG_SELECT_ALL);
  return capng_apply(CAPNG_SELECT_CAPS) == 0 && capng_apply(CAPNG_SELECT_AMBIENT) == 0;
}

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

template <std::size_t size>
int add_calls(void* filter, std::uint32_t action, const char* const (&names)[size]) {
  for (const auto* name : names) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || number < 0) continue;  // not on this architecture
    if (const int status = seccomp_rule_add(filter, action, number, 0)) return status;
  }
  return 0;
}

/// clone() may make threads, never processes; clone3(), whose flags a filter cannot see, is said
/// not to exist, and libc falls back to clone().
int add_thread_rules(void* filter) {
  const scmp_arg_cmp thread = {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD};
  const scmp_arg_cmp process = {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0};
  if (const int status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, thread))
    return status;
  if (const int status =
          seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), 1, process))
    return status;
  return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

int confine() {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (filter == nullptr) return -ENOMEM;
  if (const int status = add_calls(filter.get(), SCMP_ACT_ALLOW, allowed_calls)) return status;
  if (const int status = add_calls(filter.get(), SCMP_ACT_KILL_PROCESS, deadly_calls))
    return status;
  if (const int status = add_thread_rules(filter.get())) return status;
  return seccomp_load(filter.get());
}

}  // namespace

std::optional<SystemError> drop_privileges() {
  if (!drop_capabilities()) return SystemError{errno, "drop the capabilities"};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return SystemError{errno, "set no-new-privileges"};
  if (const int status = confine()) return SystemError{-status, "load the seccomp filter"};
  return std::nullopt;
}

std::optional<SystemError> become_caller() {
  if (getuid() == geteuid() && getgid() == getegid()) return std::nullopt;
  capng_clear(CAPNG_SELECT_ALL);
  const auto both = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED);
  if (geteuid() == 0) capng_update(CAPNG_ADD, both, CAP_NET_RAW);
  const int status =
      capng_change_id(static_cast<int>(getuid()), static_cast<int>(getgid()), CAPNG_NO_FLAG);
  const bool done = status == 0 && getuid() == geteuid() && getgid() == getegid();
  return done ? std::nullopt : std::optional(SystemError{EPERM, "become the user who called"});
}

void raise_raw_sockets() {
  if (capng_get_caps_process() != 0) return;
  if (!capng_have_capability(CAPNG_PERMITTED, CAP_NET_RAW)) return;
  if (capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW)) return;
  // Where it cannot be raised, whoever opens a raw socket is told so.
  [[maybe_unused]] const bool raised = capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, CAP_NET_RAW) == 0 &&
                                       capng_apply(CAPNG_SELECT_CAPS) == 0;
}

std::optional<SystemError> become_owner_of(const std::string& directory) {
  if (geteuid() != 0) return std::nullopt;
  std::error_code ignored;
  auto place = std::filesystem::absolute(directory, ignored);
  struct stat found {};
  while (stat(place.c_str(), &found) != 0 && place.has_relative_path()) place = place.parent_path();
  if (found.st_uid == 0) return std::nullopt;
  if (setgroups(0, nullptr) != 0 || setresgid(found.st_gid, found.st_gid, found.st_gid) != 0 ||
      setresuid(found.st_uid, found.st_uid, found.st_uid) != 0)
    return SystemError{errno, "become the owner of the output directory"};
  return std::nullopt;
}

PrivilegeBounds privilege_bounds() {
  return {prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) != 0,
          prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1};
}

std::string how_to_grant(const PrivilegeBounds& bounds) {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored).string();
  const auto grant =
      "grant it with: sudo setcap cap_net_raw+ep " +
      (program.empty() ? std::string("\"$(command -v hopblame)\"") : quoted_for_a_shell(program));
  // execve(2) refuses a program whose file capabilities are beyond the bounding set.
  if (!bounds.raw_sockets)
    return "nothing started in this place may get CAP_NET_RAW, setcap would not help here: start "
           "the container with it (docker or podman run --cap-add=NET_RAW; in Kubernetes "
           "securityContext: capabilities: add: [NET_RAW]); elsewhere " +
           grant;
  if (!bounds.by_executing)
    return "no program started here gets more rights (no_new_privs is set), setcap and sudo would "
           "not help here: start it without (docker or podman run without --security-opt "
           "no-new-privileges; in Kubernetes allowPrivilegeEscalation: true; in a systemd unit "
           "NoNewPrivileges=no); elsewhere " +
           grant;
  return grant;
}

}  // namespace hopblame
