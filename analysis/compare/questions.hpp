#pragma once
// What asks whether the other end is still there: a keepalive or a window probe, which bears the
// number before the next one and has to be answered (RFC 9293 section 3.8.4).

#include <optional>

#include "analysis/compare/finding.hpp"
#include "analysis/compare/select.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

/// The number after the last byte that was sent on `way`, as the sender numbers it. Absent: no
/// byte, and no SYN.
[[nodiscard]] std::optional<std::uint32_t> end_of_data(const Journeys& journeys, Way way);

[[nodiscard]] bool asks_whether_alive(const Observation& packet, std::optional<std::uint32_t> end);

/// They arrive again and again, and no answer is heard.
[[nodiscard]] std::optional<AttemptFinding> unanswered_questions(const Attempt& attempt,
                                                                 const Telling& tell);

}  // namespace hopblame::compare
