#pragma once
// Does what was read from the start of a packet agree with what was read from more of it? A field
// may be missing in the shorter reading; it may not differ.

#include "analysis/model/observation.hpp"
#include "analysis/model/sighting.hpp"

namespace hopblame::test {

/// The first field that differs, or null.
[[nodiscard]] const char* disagreement(const Observation& shorter, const Observation& longer);

/// Two readings of one packet, by the short way and by the long one.
[[nodiscard]] const char* disagreement(const Sighting& one, const Sighting& other);

}  // namespace hopblame::test
