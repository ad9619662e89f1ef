#pragma once
// A run to a pcapng, from which read_file() makes the same run again. The same function analyses
// both, so the verdict is the same.

#include <string>

#include "src/recorded.hpp"
#include "src/report/annotate.hpp"

namespace hopblame {

/// The bytes of the file; `with` is what it says to a reader, and takes no part in the verdict.
[[nodiscard]] std::string save_run(const Recorded& recorded, const Annotations& with = {});

/// A frame as it is kept to be saved again.
[[nodiscard]] StoredFrame stored(const Frame& frame);

}  // namespace hopblame
