#pragma once
// What can be said from connect() alone, without a packet: the errno, and the ICMP message that the
// kernel's error queue names. Nothing here is measured twice, so nothing is certain.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// For a run with `connect_only`, or one whose connect() was answered where the capture did not
/// look.
[[nodiscard]] Finding judge_connect(const Case& the_case);

}  // namespace hopblame
