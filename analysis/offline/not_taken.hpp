#pragma once
// Answers that reach the client and that no stack takes: with a wrong TCP checksum, or in frames to
// another machine.

#include <vector>

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// What came to the same client at other times, and was taken: so the capture shows checksums as
/// they came, and these are its hardware addresses.
struct Taken {
  bool any = false;
  std::vector<std::uint32_t> links;  ///< see SeenSegment::link_to

  void add(const Attempt& attempt);
};

/// Of an attempt whose client asks on after each answer. `near`: no router stands between the
/// client and the place of the capture. Absent where nothing is known to be wrong with the answers.
[[nodiscard]] std::optional<Verdict> not_taken(const Attempt& attempt, const Taken& taken,
                                               bool near);

}  // namespace hopblame::offline
