#pragma once
// A capture on all interfaces of a router shows what passes twice: as it comes in, and one hop
// limit lower as it goes out. What it shows once was stopped by that machine, which is hop 1 of all
// that came from before it.

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// What of the same client and host is seen to pass.
struct Passages {
  std::optional<HopLimit> comes_in;  ///< with this, a question that passes
  FrameId question;                  ///< one of these
  std::optional<FrameId> answer;     ///< an answer that passes as well

  void add(const Attempt& attempt);
};

/// SYNs that nobody answers, or whose SYN/ACK comes in, and that do not go out. Absent where the
/// capture does not show both sides of the machine, or they pass.
[[nodiscard]] std::optional<Verdict> stopped_here(const std::vector<Attempt>& sample,
                                                  const IpAddress& client,
                                                  const Passages& passages);

}  // namespace hopblame::offline
