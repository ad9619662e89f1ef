#pragma once
// Where the fault may be, as far as it decides which steps make sense.

#include "src/report/document.hpp"

namespace hopblame {

/// The place that is named holds the destination, or may.
[[nodiscard]] bool reaches_host(const ReportInput& input);

/// Neither the destination alone nor this machine.
[[nodiscard]] bool reaches_path(const ReportInput& input);

/// No router stands before the destination.
[[nodiscard]] bool is_on_link(const ReportInput& input);

/// A router asks in vain for the next machine, and that is not the host.
[[nodiscard]] bool misses_next_router(const ReportInput& input);

/// A rule that stands at hop 1 before it counts the packets, or on the link before it.
[[nodiscard]] bool may_be_on_first_link(const Verdict& verdict);

/// A virtual machine or container whose network is a program: nothing bounds the place, and no hop
/// passes anything on.
[[nodiscard]] bool is_inside(const ReportInput& input);

/// A capture without a walk tells how far it is to them, as hop numbers that nobody can look up.
[[nodiscard]] bool is_nameless(const ReportInput& input);

[[nodiscard]] bool is_this_machine(const ReportInput& input);

}  // namespace hopblame
