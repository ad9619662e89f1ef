#pragma once
// The network of a virtual machine or container is often a program of the machine that runs it
// (libslirp in QEMU, slirp4netns, pasta, VirtualBox NAT, gvisor-tap-vsock): it forwards no packet
// but makes connections of its own, and answers in the host's name as these ended. All that it
// does not connect (ACK, FIN) its own stack resets, whatever the host would do.

#include "analysis/verdict/case.hpp"

namespace hopblame {

struct Resets;

/// The target stands behind a gateway, yet all its answers passed no router, and no router was
/// heard. An address of the gateway's own looks the same, unless its stack echoes our mark, which
/// none of these programs does (measured: libslirp, pasta).
[[nodiscard]] bool is_answered_nearby(const Case& the_case);

/// Of such a run: everything beyond may be at fault, in the same ways as without the program.
[[nodiscard]] std::vector<Explanation> refused_beyond(const Case& the_case, const Resets& resets);
[[nodiscard]] std::vector<Explanation> silent_beyond(const Case& the_case, Evidence silence);

/// SYNs were answered with a FIN. No TCP does that: such a program gave up its own connection. A
/// client ignores it and goes on asking.
[[nodiscard]] std::optional<Finding> judge_given_up(const Case& the_case);

/// For a caveat: what machine this seems to be, and what to do.
[[nodiscard]] Text told_of_nearby(const Case& the_case);

}  // namespace hopblame
