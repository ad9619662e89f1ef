#pragma once
// The system calls this program makes after it has dropped its privileges, by purpose. A name this
// architecture does not have is skipped.

// clang-format off
namespace hopblame {

inline constexpr const char* allowed_calls[] = {
    // reading, writing, waiting
    "read", "readv", "pread64", "write", "writev", "pwrite64", "close", "lseek", "fcntl", "ioctl",
    "dup", "dup2", "dup3", "pipe2", "poll", "ppoll", "select", "pselect6", "epoll_create1",
    "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2",
    // sockets: the raw one, the real connect(), name look-ups
    "socket", "socketpair", "connect", "bind", "getsockname", "getpeername", "getsockopt",
    "setsockopt", "shutdown", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg",
    // files: reports, name service configuration
    "open", "openat", "stat", "lstat", "fstat", "newfstatat", "statx", "statfs", "fstatfs",
    "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "getdents64", "mkdir",
    "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "fsync", "fdatasync",
    "ftruncate", "fallocate", "fchmod", "fadvise64", "umask",
    // memory
    "brk", "mmap", "munmap", "mprotect", "mremap", "madvise",
    // threads and signals
    "futex", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity", "gettid", "tgkill",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "exit",
    "exit_group",
    // time, chance, who am I
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "getrandom", "getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "uname", "sysinfo",
    "prlimit64", "getrlimit",
};

/// Only an intruder would try these.
inline constexpr const char* deadly_calls[] = {
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
    "mount", "umount2", "move_mount", "open_tree", "fsopen", "pivot_root", "chroot", "unshare",
    "setns", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "init_module",
    "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "keyctl",
    "add_key", "request_key", "setuid", "setresuid", "capset", "personality", "mknod", "mknodat",
    "link", "linkat", "symlink", "symlinkat", "kill", "memfd_create",
};

}  // namespace hopblame
