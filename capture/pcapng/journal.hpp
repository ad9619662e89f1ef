#pragma once
// What the packets cannot say, kept inside the capture itself: goal, sends and their errors, what
// the capture could see, what connect() returned. A run saved and read back is the same Run.

#include <optional>
#include <string>
#include <string_view>

#include "analysis/model/run.hpp"

namespace hopblame {

/// JSON text of everything in `run` but its observations (times in ns since the epoch). Invalid
/// UTF-8 in outside text survives the round trip.
[[nodiscard]] std::string write_journal(const Run& run);

/// The inverse. Nothing when `text` is not a journal of a version we know; a hostile journal never
/// throws, and its numbers are checked before they are believed.
[[nodiscard]] std::optional<Run> read_journal(std::string_view text);

}  // namespace hopblame
